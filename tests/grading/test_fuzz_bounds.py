"""Every step on what a student's process sent takes time and memory in proportion to it, and ends in an answer or a refusal.

``MLC_FUZZ=20000 pytest tests/grading/test_fuzz_bounds.py`` tries more.
"""

import io
import json
import os
import struct

import numpy as np
import pytest
from bounds import cost, grows_linearly
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mlc_course.grading.judging.item_grader import checked_report, vet_answer
from mlc_course.grading.judging.parcels import opened
from mlc_course.grading.judging.run_requests import vetted_reply
from mlc_course.grading.protocol.channel import failure_from_plain
from mlc_course.grading.protocol.codec import ModuleText, pack, unpack
from mlc_course.grading.vetting.cell_outputs import MAX_ERROR, MAX_OUTPUT, CellOutputs, terminal_text
from mlc_course.grading.vetting.ir_module import MAX_NODES, vet_module
from mlc_course.grading.vetting.schedule_trace import vet_trace
from mlc_course.grading.vetting.strict_json import MAX_VALUES, Refused
from mlc_ref.checks.failure import CheckFailure

EXAMPLES = int(os.environ.get("MLC_FUZZ", "150"))
fuzzed = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))


def affordable(spent, size: int) -> bool:
    return spent.seconds < 1 + 10e-6 * size and spent.memory < 4 * 2**20 + 80 * size


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


@pytest.mark.parametrize("make", MODULES, ids=lambda make: make.__name__)
def test_vetting_a_module_takes_time_in_proportion(make):
    def spend(size: int) -> float:
        return cost(vet_module, make(size), memory=False).seconds

    assert grows_linearly(spend, 20_000)


@pytest.mark.parametrize("make", [many_functions, one_array_of_many, one_map_of_many], ids=lambda make: make.__name__)
def test_large_modules_are_vetted_to_their_end_and_accepted(make):
    assert vet_module(make(20_000))


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


@pytest.mark.parametrize("make", WIRES, ids=lambda make: make.__name__)
def test_unpacking_takes_time_and_memory_in_proportion(make):
    for size in (5_000, 50_000, 1_300_000):
        data = make(size if make in (bare_brackets, empty_parts) else min(size, 60_000))
        assert affordable(cost(unpack, data), len(data))
    assert grows_linearly(lambda size: cost(unpack, make(size), memory=False).seconds, 20_000)


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


leaves = st.sampled_from(
    [None, True, -1, 2**62, 1.5, float("nan"), "", "kind", "value", "x" * 300, np.zeros(3), np.array(1), np.zeros((2, 0)),
     ModuleText("{}"), ModuleText("[" * 2000), ModuleText('{"root_index": 0, "nodes": [{"type": []}]}')]
)  # fmt: skip
values = st.recursive(
    leaves | leaves.map(lambda v: [v] * 500),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["kind", "value", "en", "zh", "found", "failure", "result"]), inner, max_size=4
        )
        | inner.map(lambda v: nest(v, 30))
    ),
    max_leaves=8,
)


def nest(value: object, levels: int) -> object:
    for _ in range(levels):
        value = [value]
    return value


KINDS = ["missing", "value", "trace", "module", "program"]
FIELDS = ["kind", "found", "why", "value", "trace", "module"]
answers = st.dictionaries(st.sampled_from(FIELDS), values | st.sampled_from(KINDS), max_size=6) | values


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


traces = st.recursive(
    st.sampled_from(["GetSBlock", "Annotate", "b0", "{", "{}", "x" * 300, None, True, 3, 1e300, [[]] * 2000]),
    lambda inner: st.lists(inner, max_size=5), max_leaves=12
)  # fmt: skip


@fuzzed
@given(traces)
def test_traces_of_any_form_are_vetted_or_refused(trace):
    text = json.dumps(trace)
    assert affordable(cost(vet_trace, text), len(text))


texts = st.sampled_from(
    ["", "\n", "\r", "\b", "a", "a\n", "\ra", "x" * 5000, "\b" * 5000, "\r" * 5000, "a\b" * 2000, "\ud800", "\r\n"]
)
contents = st.fixed_dictionaries(
    {}, optional={
        "name": st.sampled_from(["stdout", "stderr"]) | values, "text": texts | values, "wait": st.booleans() | values,
        "data": st.dictionaries(st.sampled_from(["text/plain", "image/png", "text/html"]), texts | values) | values,
        "transient": st.fixed_dictionaries({"display_id": st.sampled_from(["a", "b"]) | values}) | values,
        "ename": texts | values, "evalue": texts | values, "traceback": st.lists(texts, max_size=3) | values,
    }
)  # fmt: skip
KINDS_SHOWN = [
    "stream",
    "error",
    "display_data",
    "execute_result",
    "update_display_data",
    "clear_output",
    "status",
    "comm_msg",
]


@fuzzed
@given(st.lists(st.tuples(st.sampled_from(KINDS_SHOWN), st.none() | contents, st.integers(1, 60)), max_size=8))
def test_outputs_of_any_messages_are_valid_and_no_longer_than_allowed(messages):
    import nbformat

    limit = 20_000
    outputs = CellOutputs(limit)

    def take() -> None:
        for kind, content, times in messages:
            for _ in range(times):
                outputs.take(kind, content)

    size = 10_000 * sum(times for _kind, _content, times in messages)
    assert affordable(cost(take), size)
    cell = nbformat.v4.new_code_cell("x")
    cell.outputs = outputs.plain()
    nbformat.validate(nbformat.v4.new_notebook(cells=[cell]))
    assert {name for output in cell.outputs for name in output.get("data", {})} <= {"text/plain", "image/png"}
    assert sum(len(str(output)) for output in cell.outputs) < 2 * limit + MAX_ERROR * 3 + 200 * len(cell.outputs)


FLOODS = {
    "one long line": lambda n: [("stream", {"text": "x" * (10 * n)})],
    "many short lines": lambda n: [("stream", {"text": "x\n"})] * n,
    "a progress bar": lambda n: [("stream", {"text": "\r" + "#" * 40})] * n,
    "backspaces": lambda n: [("stream", {"text": "ab\b\b" * 100})] * n,
    "two streams in turn": lambda n: [("stream", {"text": "x" * 20, "name": s}) for s in ("stdout", "stderr")] * (n // 2),
    "displays": lambda n: [("display_data", {"data": {"text/plain": "x" * 50}})] * n,
    "updates": lambda n: [("update_display_data", {"data": {"text/plain": "x" * 50}, "transient": {"display_id": "a"}})] * n,
    "pictures and clearing": lambda n: (
        message for i in range(n // 2) for message in (
            ("display_data", {"data": {"image/png": "A" * 1000}, "transient": {"display_id": str(i)}}),
            ("clear_output", {}))),
    "pictures": lambda n: (
        ("display_data", {"data": {"image/png": "A" * 1000}, "transient": {"display_id": str(i % 9)}}) for i in range(n)),
    "clearing": lambda n: [m for _ in range(n // 2) for m in (("stream", {"text": "x" * 100}), ("clear_output", {"wait": True}))],
    "errors": lambda n: [("error", {"ename": "E", "evalue": "x" * 100, "traceback": ["x"] * 10})] * n,
}  # fmt: skip


@pytest.mark.parametrize("name", FLOODS)
def test_floods_of_output_take_time_in_proportion_and_bounded_memory(name):
    def take(size: int) -> CellOutputs:
        outputs = CellOutputs()
        outputs.take("display_data", {"data": {"text/plain": "first"}, "transient": {"display_id": "a"}})
        for kind, content in FLOODS[name](size):
            outputs.take(kind, content)
        return outputs

    assert grows_linearly(lambda size: cost(take, size, memory=False).seconds, 20_000)
    assert cost(lambda: take(40_000).plain()).memory < 12 * MAX_OUTPUT + 40_000 * 30


def test_what_a_terminal_would_show_is_kept():
    assert terminal_text("10%\r20%\r100%\ndone\r\n") == "100%\ndone\n"
    assert terminal_text("abc\b\bX") == "aX"
    assert terminal_text("\b\bx\r") == "x\r"


def test_a_progress_bar_that_prints_more_than_is_kept_costs_no_other_output():
    outputs = CellOutputs()
    for step in range(60_000):
        outputs.take("stream", {"text": f"\r{step:>40}"})
    outputs.take("stream", {"text": "\nfinished\n"})
    assert outputs.plain()[0].text.endswith("59999\nfinished\n")


def test_an_output_that_is_cut_says_so_and_keeps_its_error():
    outputs = CellOutputs()
    outputs.take("stream", {"text": "x" * 2 * MAX_OUTPUT})
    outputs.take("error", {"ename": "ValueError", "evalue": "no", "traceback": ["no"]})
    kinds = [output.output_type for output in outputs.plain()]
    assert kinds == ["stream", "error", "stream"]
    assert "output cut" in outputs.plain()[-1].text


def test_cleared_displays_are_forgotten():
    displays: dict = {}
    outputs = CellOutputs(displays=displays)
    for number in range(1000):
        outputs.take("display_data", {"data": {"text/plain": "x"}, "transient": {"display_id": str(number)}})
        outputs.take("clear_output", {})
    assert displays == {}
