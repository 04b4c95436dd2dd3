"""Property-based fuzzing of the two parsers of compiler data: they refuse or accept, and do nothing else.

``MLC_FUZZ=20000 pytest tests/grading/test_fuzz_modules.py`` tries more.
"""

import copy
import json
import os

import pytest
import tvm
from hypothesis import given, settings
from hypothesis import strategies as st
from tvm import te

from mlc_course.exercises.answers import plain_trace
from mlc_course.grading.vetting.ir_module import vet_module
from mlc_course.grading.vetting.schedule_trace import vet_trace
from mlc_course.grading.vetting.strict_json import Refused

EXAMPLES = int(os.environ.get("MLC_FUZZ", "300"))


def module():
    a = te.placeholder((60,), "float32", name="A")
    return tvm.IRModule({"main": te.create_prim_func([a, te.compute((60,), lambda i: te.exp(a[i]), name="B")])})


def trace():
    schedule = tvm.s_tir.Schedule(module())
    block = schedule.get_sblock("B")
    schedule.split(schedule.get_loops(block)[0], [None, 4])
    schedule.transform_layout(block, ("write", 0), lambda i: (i // 4, i % 4))
    return plain_trace(schedule)


MODULE = json.loads(tvm.ir.save_json(module()))
TRACE = trace()
leaves = st.none() | st.booleans() | st.integers(-3, 200) | st.floats() | st.sampled_from(
    ["", "main", "tirx.exp", "tirx.call_extern", "ir.Op", "ffi.Array", "{}", "pragma_import_llvm", "float32"]
)  # fmt: skip
values = st.recursive(leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner))


def places(value, path=()):
    """Paths to every container and leaf."""
    yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield from places(inner, (*path, key))


def at(value, path):
    for key in path:
        value = value[key]
    return value


def replaced(value, path, new):
    value = copy.deepcopy(value)
    inner = value
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = new
    return value


MODULE_PLACES = [path for path in places(MODULE) if path]
TRACE_PLACES = [path for path in places(TRACE) if path]


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.sampled_from(MODULE_PLACES), values)
def test_a_module_with_a_part_replaced_is_refused_or_accepted(path, value):
    try:
        anew = vet_module(json.dumps(replaced(MODULE, path, value)))
    except Refused:
        return
    assert vet_module(anew) == anew


NUMBERED = [path for path in MODULE_PLACES if type(at(MODULE, path)) is int]


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(NUMBERED), st.integers(0, len(MODULE["nodes"]) - 1)), min_size=1, max_size=4))
def test_what_is_accepted_of_a_rewired_module_is_a_tree_of_known_functions(changes):
    data = MODULE
    for path, index in changes:
        data = replaced(data, path, index)
    try:
        accepted = json.loads(vet_module(json.dumps(data)))
    except Refused:
        return
    nodes = accepted["nodes"]
    functions = nodes[nodes[accepted["root_index"]]["data"]["functions"]]["data"][::2]
    assert {i for i, node in enumerate(nodes) if node["type"] == "ir.GlobalVar"} <= set(functions)


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.sampled_from(TRACE_PLACES), values)
def test_a_trace_with_a_part_replaced_is_refused_or_accepted(path, value):
    try:
        vet_trace(json.dumps(replaced(TRACE, path, value)))
    except Refused:
        return


@settings(max_examples=EXAMPLES, deadline=None)
@given(values)
def test_json_of_any_other_form_is_refused(value):
    text = json.dumps(value)
    with pytest.raises(Refused):
        vet_module(text)
    if value != [[], []]:
        with pytest.raises(Refused):
            vet_trace(text)


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.text(max_size=200))
def test_text_that_is_no_json_is_refused(text):
    for vet in (vet_module, vet_trace):
        with pytest.raises(Refused):
            vet(text)
