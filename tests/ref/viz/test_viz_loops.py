"""Loop nests as text and as before/after pictures."""

import re

import pytest
import tvm
from tvm.script import ir as I
from tvm.script import tirx as T

from mlc_ref.checks import CheckFailure
from mlc_ref.language import Text
from mlc_ref.viz.loops import before_after, changed_lines, loop_nest


@I.ir_module
class Matmul:
    @T.prim_func(s_tir=True)
    def main(A: T.Buffer((4, 6), "float32"), B: T.Buffer((6, 8), "float32"), C: T.Buffer((4, 8), "float32")):
        for i, j, k in T.grid(4, 8, 6):
            with T.sblock("C"):
                vi, vj, vk = T.axis.remap("SSR", [i, j, k])
                with T.init():
                    C[vi, vj] = T.float32(0)
                C[vi, vj] = C[vi, vj] + A[vi, vk] * B[vk, vj]


def test_a_loop_nest_keeps_loops_and_statements_and_leaves_declarations_out():
    assert loop_nest(Matmul) == [
        "for i, j, k in grid(4, 8, 6):",
        "  init:",
        "    C[vi, vj] = 0.0",
        "  C[vi, vj] = C[vi, vj] + A[vi, vk] * B[vk, vj]",
    ]


def test_blocks_are_named_when_asked_for():
    assert loop_nest(Matmul, blocks=True)[:2] == ["for i, j, k in grid(4, 8, 6):", "  block C:"]


def test_a_schedule_shows_its_current_program():
    schedule = tvm.s_tir.Schedule(Matmul)
    _, j, _ = schedule.get_loops(schedule.get_sblock("C"))
    outer, inner = schedule.split(j, [None, 4])
    schedule.parallel(outer)
    schedule.vectorize(inner)
    assert loop_nest(schedule)[:3] == [
        "for i in range(4):",
        "  for j_0 in parallel(2):",
        "    for j_1 in vectorized(4):",
    ]


def test_a_statement_after_a_loop_stands_beside_it():
    schedule = tvm.s_tir.Schedule(Matmul)
    copy = schedule.cache_write("C", 0, "local")
    schedule.reverse_compute_at(copy, schedule.get_loops("C")[1])
    assert loop_nest(schedule)[-1].startswith("  C[")


def test_an_unknown_function_is_refused():
    with pytest.raises(CheckFailure, match="a TensorIR function named conv"):
        loop_nest(Matmul, "conv")


def test_changed_lines_are_those_the_other_nest_lacks():
    assert changed_lines(["for i:", "  x"], ["for i0:", "  for i1:", "  x"]) == ({0}, {0, 1})
    assert changed_lines(["same"], ["same"]) == (set(), set())


def test_a_picture_marks_what_changed_by_colour_and_sign_and_names_the_step():
    svg = before_after(
        Text("Split", "拆分"), "split(i, [2, 4])", ["for i:", "  x"], ["for i0:", "  for i1:", "  x"]
    ).render("en")
    lines = {
        style: re.findall(rf'<text class="mono {style}[^>]*><tspan[^>]*>([^<]*)<', svg) for style in ("orange", "green")
    }
    assert {style: sorted(found) for style, found in lines.items()} == {
        "orange": ["for i:", "−"],
        "green": ["  for i1:", "+", "+", "for i0:"],
    }
    assert "split(i, [2, 4])" in svg


def test_a_line_too_long_for_a_phone_is_refused():
    with pytest.raises(ValueError, match="line of 90 characters: at most 62 fit"):
        before_after(Text("Long", "长"), "step", ["x" * 90], ["y"])
