"""The small questions of the first pages: right answers in any style pass, wrong ones are told what is missing."""

import numpy as np
import pytest
import tvm
from tvm.script import ir as I
from tvm.script import tirx as T

from mlc_ref.checks.failure import CheckFailure
from mlc_ref.checks.self_check import checker
from mlc_ref.introduction.self_checks import FORMS, check
from mlc_ref.language import LANGUAGES, Text
from mlc_ref.viz.widget import PAGES, notebook_html


@I.ir_module
class Double:
    @T.prim_func(s_tir=True)
    def main(x: T.Buffer((24,), "float32"), y: T.Buffer((24,), "float32")):
        for i in range(24):
            with T.sblock("double"):
                v = T.axis.spatial(24, i)
                y[v] = T.float32(2) * x[v]


def split(inner):
    schedule = tvm.s_tir.Schedule(Double)
    (loop,) = schedule.get_loops(schedule.get_sblock("double"))
    schedule.split(loop, factors=[None, inner])
    return schedule


def relu_in_loops(z, y):
    for i in range(len(z)):
        for j in range(len(z[0])):
            y[i, j] = z[i, j] if z[i, j] > 0 else 0


def relu_at_once(z, y):
    np.maximum(z, 0, out=y)


COUNTS = {"flops": 20_096_000, "parameter_bytes": 401_920, "fused_bytes": 766_720}


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("forms", dict(FORMS)),
        ("counting", COUNTS),
        ("destination", relu_in_loops),
        ("destination", relu_at_once),
        ("inner_loop", split(8)),
    ],
)
def test_a_right_answer_passes(name, answer):
    assert check(name, answer).passed


def rebinding(z, y):
    y = np.maximum(z, 0)  # noqa: F841


def changing_its_input(z, y):
    z[z < 0] = 0
    y[...] = z


def returning(z, y):
    relu_at_once(z, y)
    return y


@pytest.mark.parametrize(
    ("name", "answer", "said"),
    [
        ("forms", {}, "where: train.ipynb"),
        ("forms", [], "expected: a dict; found: list"),
        ("forms", dict.fromkeys(FORMS, "deployment"), "found: 2 right"),
        ("counting", {**COUNTS, "flops": 1}, "the number flops of this layer; found: 1"),
        ("counting", {**COUNTS, "fused_bytes": 2 * 766_720}, "the number fused_bytes"),
        ("counting", {}, "found: None"),
        ("destination", rebinding, "y as it was before the call"),
        ("destination", changing_its_input, "z was written"),
        ("destination", returning, "no result"),
        ("destination", lambda z, y: y.__setitem__(..., z), "where: y"),
        ("destination", 3, "expected: a function"),
        ("destination", lambda z: None, "TypeError"),
        ("inner_loop", split(4), "loops with 6, 4 iterations"),
        ("inner_loop", split(5), "loops with 5, 5 iterations"),
        ("inner_loop", Double, "check(\"inner_loop\", schedule)"),
    ],
)  # fmt: skip
def test_a_wrong_answer_is_told_what_is_missing(name, answer, said):
    result = check(name, answer)
    assert not result.passed
    assert said in str(result)


def test_a_question_that_is_not_there_is_refused():
    with pytest.raises(ValueError, match="name: got 'x', allowed forms, counting"):
        check("x", 1)


@pytest.mark.parametrize(("language", "said", "other"), [("en", "Not yet", "还不对"), ("zh", "还不对", "Not yet")])
def test_a_notebook_hears_its_language_and_a_page_has_both(language, said, other, monkeypatch):
    monkeypatch.setenv("MLC_LANG", language)
    monkeypatch.delenv(PAGES, raising=False)
    result = check("forms", {})
    notebook = result._repr_html_()
    assert said in notebook
    assert other not in notebook
    assert said in str(result)
    monkeypatch.setenv(PAGES, "1")
    page = result._repr_html_()
    assert said in page
    assert other in page
    assert notebook_html(page, language) == notebook


def test_markup_in_an_answer_is_shown_and_not_obeyed():
    result = check("forms", {"train.ipynb": "<script>alert(1)</script>"})
    assert "<script>" not in result._repr_html_()


def test_an_error_inside_a_question_is_an_answer_that_cannot_be_used():
    def broken(answer):
        raise KeyError("k")

    assert "KeyError" in str(checker({"broken": broken})("broken", 1))


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (
            ValueError("Traceback of TVM\n  File a.cc\n  Check failed: a == b\n"),
            "found: ValueError: Check failed: a == b",
        ),
        (AssertionError(), "found: AssertionError"),
    ],
)
def test_of_a_long_error_the_last_line_is_shown(error, said):
    def broken(answer):
        raise error

    assert str(checker({"broken": broken})("broken", 1)).endswith(said)
    shown = checker({"broken": broken})("broken", 1).lines
    assert [len(text.get(lang).splitlines()) for text in shown for lang in LANGUAGES] == [1, 1]


def test_both_languages_of_a_failure_and_its_hint_stand_behind_their_words():
    said, hint = Text("a {b}", "一个 {b}"), Text("look", "看")

    def open_question(answer):
        raise CheckFailure(expected=said, found="c", hint=hint)

    lines = checker({"open": open_question})("open", 1).lines
    assert [text.en for text in lines] == ["Not yet: expected: a {b}; found: c", "Hint: look"]
    assert [text.zh for text in lines] == ["还不对：期望：一个 {b}；实际：c", "提示：看"]
