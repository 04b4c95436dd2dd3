"""Traces of schedules and JSON as a trusted process takes them in: those of right answers pass, others are refused."""

import json

import pytest
import tvm
from vetted_programs import scale

from mlc_course.exercises.answers import plain_trace
from mlc_course.grading.vetting.allowlist import INSTRUCTIONS
from mlc_course.grading.vetting.schedule_trace import vet_trace
from mlc_course.grading.vetting.strict_json import Refused, parse
from mlc_ref.language import Text


def schedule(steps):
    module = scale()
    sch = tvm.s_tir.Schedule(module)
    block = sch.get_sblock("B")
    steps(sch, block, sch.get_loops(block)[0])
    return sch


def split_bind(sch, block, loop):
    outer, inner = sch.split(loop, [None, 4])
    sch.bind(outer, "blockIdx.x")
    sch.bind(inner, "threadIdx.x")


def sampled(sch, block, loop):
    factors = sch.sample_perfect_tile(loop, 2)
    sch.split(loop, list(factors))
    sch.annotate(block, "meta_schedule.tiling_structure", "SSR")
    sch.sample_categorical([16, 64], [0.5, 0.5])


def laid_out(sch, block, loop):
    sch.transform_layout(block, ("write", 0), lambda i: (i // 4, i % 4))
    cached = sch.cache_read(block, 0, "shared")
    sch.storage_align(cached, 0, 0, 32, 1)


def cached(sch, block, loop):
    outer, _ = sch.split(loop, [15, 4])
    local = sch.cache_write(block, 0, "local")
    sch.reverse_compute_at(local, outer)
    sch.set_scope(block, 0, "local")
    sch.vectorize(sch.get_loops(block)[-1])


@pytest.mark.parametrize("steps", [split_bind, sampled, laid_out, cached], ids=lambda f: f.__name__)
def test_traces_of_schedules_pass_and_replay_to_the_same_program(steps):
    original = schedule(steps)
    data = vet_trace(json.dumps(plain_trace(original)))
    again = tvm.s_tir.Schedule(scale())
    tvm.s_tir.schedule.Trace.apply_json_to_schedule(data, again)
    tvm.ir.assert_structural_equal(again.mod, original.mod)


@pytest.mark.parametrize("name", ["UnsafeSetDType", "UnsafeHideBufferAccess", "AnnotateBufferAccess", "PackedFunc", ""])
def test_other_instructions_are_refused(name):
    assert name not in INSTRUCTIONS
    with pytest.raises(Refused, match="schedule primitives this course uses"):
        vet_trace(json.dumps([[[name, [], [], []]], []]))


@pytest.mark.parametrize(
    "trace",
    [
        {}, [], [[]], [[], [], []], [[["Split"]], []], [["Split"], []], [[["Split", 1, [], []]], []],
        [[["Split", [{"a": 1}], [], []]], []], [[["Split", ["a" * 300], [], []]], []],
        [[["Split", [[[[[[[[[1]]]]]]]]], [], []]], []], [[["Split", [], [], [1]]], []],
        [[["Annotate", ["b0", "x"], ["pragma_import_llvm"], []]], []], [[["Annotate", ["b0", "x"], [], []]], []],
        [[["TransformLayout", ["b0", "{}"], [], []]], []], [[], [[0, 1]]], [[["Split", [], [], []]], [["0", 1]]],
        [[["TransformLayout", ["b0", '{"root_index":0,"nodes":[{"type":"relax.expr.ExternFunc","data":{}}]}'], [], []]], []],
        [[["GetSBlock", [], [], []]] * 1001, []],
    ],
    ids=lambda trace: json.dumps(trace)[:40],
)  # fmt: skip
def test_malformed_traces_are_refused(trace):
    with pytest.raises(Refused):
        vet_trace(json.dumps(trace))


@pytest.mark.parametrize(
    "text",
    ["", "{", '{"a": 1, "a": 2}', "1" * 30, "-9223372036854775809", "[" * 100_000, "NaN", "-Infinity", "1e999"],
    ids=lambda text: text[:20] or "nothing",
)
def test_json_that_plays_tricks_is_refused(text):
    with pytest.raises(Refused):
        parse(text, limit=10**6, what=Text.code("a value"), finite=True)


def test_json_longer_than_allowed_is_refused_unread():
    with pytest.raises(Refused, match="of at most 10 bytes"):
        parse("[" + " " * 20 + "]", limit=10, what=Text.code("a value"))
