"""Every step on what a student's process sent takes time and memory in proportion to it, and ends in an answer or a refusal.

``MLC_FUZZ=20000 pytest tests/grading/test_fuzz_bounds.py`` tries more.
"""

import io
import itertools
import json
import struct
from typing import Any

import numpy as np
import pytest
from bounds import affordable, cost, grows_linearly
from fuzz_values import fuzzed, values
from hypothesis import given
from hypothesis import strategies as st

from mlc_course.grading.judging.item_grader import checked_report, vet_answer
from mlc_course.grading.judging.parcels import opened
from mlc_course.grading.judging.run_requests import vetted_reply
from mlc_course.grading.protocol.channel import failure_from_plain
from mlc_course.grading.protocol.codec import pack, unpack
from mlc_course.grading.vetting.ir_module import MAX_NODES, vet_module
from mlc_course.grading.vetting.schedule_trace import vet_trace
from mlc_course.grading.vetting.strict_json import MAX_VALUES, Refused
from mlc_ref.checks.failure import CheckFailure


def base() -> dict:
    """A small module as TVM writes it."""
    import tvm
    from tvm import te

    a = te.placeholder((4,), "float32", name="A")
    function = te.create_prim_func([a, te.compute((4,), lambda i: a[i], name="B")])
    return json.loads(tvm.ir.save_json(tvm.IRModule({"f": function})))


BASE = base()
NONE = {"type": "None"}


def with_nodes(*more: dict, **changed: int) -> str:
    """The module with further nodes, and some fields of its root somewhere else."""
    root = BASE["nodes"][BASE["root_index"]]
    return graph(*BASE["nodes"], *more, {**root, "data": {**root["data"], **changed}})


def graph(*nodes: object) -> str:
    return json.dumps({"root_index": len(nodes) - 1, "nodes": nodes})


def place(kind: str) -> int:
    return next(index for index, node in enumerate(BASE["nodes"]) if node["type"] == kind)


def many_functions(count: int) -> str:
    """One function under many names."""
    variable, function, first = place("ir.GlobalVar"), place("tirx.PrimFunc"), len(BASE["nodes"])
    data = BASE["nodes"][variable]["data"]
    more: list[dict] = []
    names = [(data["name_hint"], variable)]
    for number in range(count // 4):
        names.append((first + 2 * number, first + 2 * number + 1))
        more.append({"type": "ffi.String", "data": f"f{number}"})
        more.append({"type": "ir.GlobalVar", "data": {**data, "name_hint": names[-1][0]}})
    more.append({"type": "ffi.Map", "data": [index for _name, var in names for index in (var, function)]})
    more.append({"type": "ffi.Map", "data": [index for pair in names for index in pair]})
    return with_nodes(*more, functions=first + len(more) - 2, global_var_map_=first + len(more) - 1)


def one_array_of_many(count: int) -> str:
    """A long array that many nodes refer to, each as a field of its own."""
    first = len(BASE["nodes"])
    statement = {"type": "tirx.Evaluate", "data": {"span": 0, "value": place("ir.IntImm")}}
    sequence = {"type": "tirx.SeqStmt", "data": {"span": 0, "seq": first + 1}}
    return with_nodes(statement, {"type": "ffi.Array", "data": [first] * count}, *[sequence] * count)


def one_map_of_many(count: int) -> str:
    """Many nodes with the same attributes, of which there are many."""
    first = len(BASE["nodes"])
    key, attributes = (
        {"type": "ffi.String", "data": "global_symbol"},
        {"type": "ffi.Map", "data": [first, first] * count},
    )
    return with_nodes(key, attributes, *[{"type": "ir.DictAttrs", "data": {"__dict__": first + 1}}] * count)


def nested_arrays(count: int) -> str:
    nodes = [NONE, *[{"type": "ffi.Array", "data": [0] * 50}] * (count // 50)]
    return graph(*nodes, {"type": "ffi.Array", "data": list(range(1, len(nodes)))})


def strings(count: int) -> str:
    return graph(*[{"type": "ffi.String", "data": "x" * 20}] * count)


MODULES = [many_functions, one_array_of_many, one_map_of_many, nested_arrays, strings]


@pytest.mark.timed
@pytest.mark.parametrize("make", MODULES, ids=lambda make: make.__name__)
def test_vetting_a_module_takes_time_in_proportion(make):
    def spend(size: int) -> float:
        return cost(vet_module, make(size), memory=False).seconds

    assert grows_linearly(spend, 40_000)


@pytest.mark.parametrize("make", [many_functions, one_array_of_many, one_map_of_many], ids=lambda make: make.__name__)
def test_large_modules_are_vetted_to_their_end_and_accepted(make):
    assert vet_module(make(20_000))


@pytest.mark.timed
@pytest.mark.parametrize("make", MODULES, ids=lambda make: make.__name__)
def test_vetting_at_the_limits_ends_in_seconds_of_cpu_and_in_memory_of_its_size(make):
    text = make(MAX_NODES // 4)
    assert cost(vet_module, text, memory=False).seconds < 1 + 2e-6 * len(text)
    assert affordable(cost(vet_module, text), len(text))


def message(header: object, *blobs: bytes) -> bytes:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack(">I", len(text)) + text + b"".join(blobs)


def lists_of_nothing(count: int) -> bytes:
    return message({"value": {"list": [None] * count}, "blobs": []})


def empty_lists(count: int) -> bytes:
    return message({"value": {"list": [{"list": []}] * count}, "blobs": []})


def empty_parts(count: int) -> bytes:
    return message({"value": None, "blobs": [0] * count})


def bare_brackets(count: int) -> bytes:
    return message(b'{"value":[' + b"[]," * count + b'[]],"blobs":[]}')


def references(count: int) -> bytes:
    return message({"value": {"list": [{"ref": ["x", {"list": []}, {"dict": []}]}] * count}, "blobs": []})


WIRES = [lists_of_nothing, empty_lists, empty_parts, bare_brackets, references]


@pytest.mark.timed
@pytest.mark.parametrize("make", WIRES, ids=lambda make: make.__name__)
def test_unpacking_takes_time_and_memory_in_proportion(make):
    for size in (5_000, 50_000, 1_300_000):
        data = make(size if make in (bare_brackets, empty_parts) else min(size, 60_000))
        assert affordable(cost(unpack, data), len(data))
    assert grows_linearly(lambda size: cost(unpack, make(size), memory=False).seconds, 40_000)


def test_more_values_than_fit_into_memory_are_refused_before_they_are_made():
    data = message(b'{"value":[' + b"[]," * (MAX_VALUES // 2) + b'[]],"blobs":[]}')
    spent = cost(unpack, data)
    with pytest.raises(Refused, match=r"bytes|values"):
        unpack(data)
    assert spent.memory < 3 * len(data)


def test_an_array_that_announces_more_than_is_there_is_refused_before_room_is_made():
    file = io.BytesIO()
    np.lib.format.write_array_header_1_0(file, {"descr": "<f8", "fortran_order": False, "shape": (2**27,)})
    data = message({"value": {"array": 0}, "blobs": [len(file.getvalue())]}, file.getvalue())
    with pytest.raises(Refused, match="another length"):
        unpack(data)
    assert cost(unpack, data).memory < 2**20


KINDS = ["missing", "value", "trace", "module", "program"]
FIELDS = ["kind", "found", "why", "value", "trace", "module"]
answers = st.dictionaries(st.sampled_from(FIELDS), values | st.sampled_from(KINDS), max_size=6) | values


@pytest.mark.timed
@fuzzed
@given(st.sampled_from(KINDS[1:]), answers)
def test_answers_of_any_types_are_vetted_or_refused(kind, sent):
    def vetted() -> None:
        pack({"answer": vet_answer({"kind": kind, "externs": {}}, sent)})

    assert affordable(cost(vetted), 10_000)


@pytest.mark.parametrize("levels", [28, 29, 33, 300, 700, 5000])
def test_a_value_nested_deeper_than_a_message_may_be_is_refused(levels):
    text = "[" * levels + "]" * levels
    sent = {"kind": "value", "value": text}
    if levels <= 28:
        assert unpack(pack({"order": {"answer": vet_answer({"kind": "value"}, sent)}}))
    else:
        with pytest.raises(CheckFailure, match="nested too deeply"):
            vet_answer({"kind": "value"}, sent)


@pytest.mark.timed
@fuzzed
@given(values | st.fixed_dictionaries({"result": values}) | st.fixed_dictionaries({"failure": values}))
def test_replies_of_any_types_are_vetted_or_refused(reply):
    def vetted() -> None:
        said = vetted_reply(reply, {})
        if "failure" in said:
            failure_from_plain(said["failure"])

    assert affordable(cost(vetted), 10_000)


TASK = {"name": "axis", "title": ["a", "b"], "parts": [{"name": "kind", "title": ["c", "d"], "points": 2}]}
said_parts = st.dictionaries(st.sampled_from(["name", "points", "earned", "message", "hint", "title"]),
                             values | st.sampled_from(["kind", 0, 2, 3]), max_size=6) | values  # fmt: skip


@fuzzed
@given(
    st.dictionaries(st.sampled_from(["parts", "seed", "score", "points"]), st.lists(said_parts, max_size=2) | values)
    | values
)
def test_a_report_of_any_form_earns_what_its_parts_say_or_nothing(report):
    checked = checked_report(TASK, report)
    if not isinstance(checked, CheckFailure):
        assert checked["score"] in (0, 2)
        json.dumps(checked)


@fuzzed
@given(st.text(max_size=30) | st.binary(max_size=30) | values)
def test_parcels_of_any_types_are_opened_or_refused(payload):
    opened(payload)


traces: st.SearchStrategy[Any] = st.recursive(
    st.sampled_from(["GetSBlock", "Annotate", "b0", "{", "{}", "x" * 300, None, True, 3, 1e300, [[]] * 2000]),
    lambda inner: st.lists(inner, max_size=5), max_leaves=12
)  # fmt: skip


@pytest.mark.timed
@fuzzed
@given(traces)
def test_traces_of_any_form_are_vetted_or_refused(trace):
    text = json.dumps(trace)
    assert affordable(cost(vet_trace, text), len(text))


@pytest.mark.timed
@pytest.mark.parametrize(("power", "linear"), [(1, True), (2, False)])
def test_growth_is_told_apart_though_half_of_the_tries_take_twice_as_long(power, linear):
    noise = itertools.cycle([2.0, 1.0, 1.0, 2.0, 1.0])
    assert grows_linearly(lambda size: next(noise) * size**power, 1600) is linear
