"""Inputs and results of answers as plain data: what is copied, what is refused and where it stands."""

import pickle
from collections import Counter, OrderedDict, defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tvm
from present import present

from mlc_course.exercises.calls import plain_result
from mlc_course.exercises.catalog import load_task
from mlc_course.exercises.plain import NotPlain, plain_copy, plain_json
from mlc_ref.checks import CheckFailure

TOY = Path(__file__).parent / "data" / "toy"


def test_a_single_function_that_a_program_returns_is_taken_as_a_module():
    import tvm

    (copy,) = plain_copy([present(load_task("toy", "split", TOY).module)()["main"]])
    assert isinstance(copy, tvm.IRModule)
    assert [var.name_hint for var in copy.get_global_vars()] == ["main"]


def test_plain_data_is_copied_and_everything_else_named_with_its_place():
    value: dict[str, Any] = {"a": [np.arange(3), (1, 2.5, None, True, "x")]}
    copy = plain_copy(value)
    copy["a"][0][0] = 7
    assert value["a"][0][0] == 0
    with pytest.raises(NotPlain, match=r"value\['a'\]\[1\]: got set"):
        plain_copy({"a": [1, {2}]})
    with pytest.raises(NotPlain, match="got ndarray"):
        plain_copy(np.array([object()]))


def test_dicts_and_texts_of_the_libraries_are_plain():
    counts = Counter({"flops": np.arange(2)})  # type: ignore[dict-item]
    copy = plain_copy({"a": counts, "b": defaultdict(list, c=[np.str_("x")]), "d": OrderedDict()})
    assert [type(copy[key]) for key in "abd"] == [dict, dict, dict]
    assert copy["a"]["flops"].tolist() == [0, 1]
    assert type(copy["b"]["c"][0]) is str

    class Odd(dict):
        pass

    with pytest.raises(NotPlain, match="got Odd"):
        plain_copy(Odd())


@pytest.mark.parametrize(("value", "advice"), [(b"ab", "np.frombuffer"), (tvm.runtime.tensor(np.ones(2)), "numpy()")])
def test_a_result_that_is_nearly_plain_is_met_with_what_to_do(value, advice):
    with pytest.raises(CheckFailure) as caught:
        plain_result({"file": value})
    assert advice in present(caught.value.hint).en
    assert advice in present(caught.value.hint).zh


def test_nesting_has_an_end():
    endless: list = []
    endless.append(endless)
    with pytest.raises(NotPlain, match="nested deeper than 32 levels"):
        plain_copy(endless)


def test_value_answers_are_what_json_makes_of_them():
    assert plain_json({"a": (np.int64(3), np.float32(0.5))}) == {"a": [3, 0.5]}
    with pytest.raises(NotPlain, match="allowed numbers, text, lists and dicts"):
        plain_json([np.zeros(2)])


def test_a_value_that_is_not_plain_is_told_whole_by_another_process():
    with pytest.raises(NotPlain) as caught:
        plain_json({"a": object()})
    received = pickle.loads(pickle.dumps(caught.value))
    assert (received.text, str(received)) == (caught.value.text, caught.value.text.en)
