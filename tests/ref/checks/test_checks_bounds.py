"""Writes outside a buffer are seen before the program runs; what is guarded or unknown is left alone."""

import numpy as np
import pytest
import tvm
from tvm import te, topi
from tvm.s_tir import Schedule
from tvm.script import tirx as T

from mlc_course.exercises.calls import ModuleCall
from mlc_ref.checks.bounds import accesses_in_bounds, writes_in_bounds
from mlc_ref.checks.failure import CheckFailure
from mlc_ref.schedules.exercise_inputs import programs


@T.prim_func(s_tir=True)
def one_too_far(A: T.Buffer((5,), "float32"), C: T.Buffer((4,), "float32")):
    for i in range(5):
        with T.sblock("copy"):
            vi = T.axis.spatial(5, i)
            C[vi] = A[vi]


@T.prim_func(s_tir=True)
def plain_loop_below_zero(A: T.Buffer((4,), "float32"), C: T.Buffer((4,), "float32")):
    for i in range(4):
        C[i - 1] = A[i]


@T.prim_func(s_tir=True)
def sizes_swapped(a: T.handle, c: T.handle):
    n, m = T.int64(), T.int64()
    A, C = T.match_buffer(a, (n, m)), T.match_buffer(c, (n, m))
    for i, j in T.grid(m, n):
        with T.sblock("copy"):
            vi, vj = T.axis.remap("SS", [i, j])
            C[vi, vj] = A[vi, vj]


@T.prim_func(s_tir=True)
def guarded(A: T.Buffer((4,), "float32"), C: T.Buffer((4,), "float32")):
    for i in range(8):
        with T.sblock("copy"):
            vi = T.axis.spatial(8, i)
            if vi < 4:
                C[vi] = A[vi]
            else:
                C[vi - 4] = A[vi - 4]


@T.prim_func(s_tir=True)
def scattered(A: T.Buffer((4,), "int32"), C: T.Buffer((4,), "int32")):
    for i in range(4):
        with T.sblock("scatter"):
            vi = T.axis.spatial(4, i)
            C[A[vi]] = vi


def split_unevenly():
    sch = Schedule(programs.square_plus(12, 96))
    sch.split(sch.get_loops("square")[1], [None, 7])
    return sch.mod["main"]


def padded():
    x, w = te.placeholder((2, 3, 9, 8)), te.placeholder((4, 3, 3, 3))
    return te.create_prim_func([x, w, topi.nn.conv2d(x, w, 2, 1, 1)])


@pytest.mark.parametrize(
    ("func", "shapes", "words"),
    [
        (one_too_far, [(5,), (4,)], "writes inside C (4,); found: index 4 in dimension 0; where: block 'copy'"),
        (plain_loop_below_zero, [(4,), (4,)], "index -1 in dimension 0"),
        (sizes_swapped, [(2, 7), (2, 7)], "writes inside C (2, 7); found: index 2 in dimension 0"),
    ],
)
def test_a_write_outside_is_named(func, shapes, words):
    with pytest.raises(CheckFailure) as caught:
        writes_in_bounds(func, shapes)
    assert words in caught.value.message.en
    assert "维的下标" in caught.value.message.zh
    assert caught.value.hint


@pytest.mark.parametrize(
    ("func", "shapes"),
    [
        (sizes_swapped, [(3, 3), (3, 3)]),
        (guarded, [(4,), (4,)]),
        (scattered, [(4,), (4,)]),
        (split_unevenly(), [(12, 96), (12, 96)]),
        (padded(), [(2, 3, 9, 8), (4, 3, 3, 3), (2, 4, 5, 4)]),
    ],
)
def test_what_stays_inside_is_guarded_or_unknown_passes(func, shapes):
    writes_in_bounds(func, shapes)


def test_a_learners_program_that_writes_outside_does_not_run():
    call = ModuleCall(tvm.IRModule({"main": sizes_swapped.with_attr("global_symbol", "main")}), "main")
    square = np.ones((3, 3), "float32")
    assert np.array_equal(call(square, out=[((3, 3), "float32")]), square)
    with pytest.raises(CheckFailure, match="writes inside C"):
        call(np.ones((2, 700), "float32"), out=[((2, 700), "float32")])


@T.prim_func(s_tir=True)
def reads_one_too_far(A: T.Buffer((4,), "float32"), C: T.Buffer((5,), "float32")):
    for i in range(5):
        with T.sblock("copy"):
            vi = T.axis.spatial(5, i)
            C[vi] = A[vi]


@T.prim_func(s_tir=True)
def reads_where_it_is_allowed(A: T.Buffer((4,), "float32"), C: T.Buffer((8,), "float32")):
    for i in range(8):
        with T.sblock("copy"):
            vi = T.axis.spatial(8, i)
            C[vi] = T.if_then_else(vi < 4, A[vi], T.Select(vi >= 6, A[vi - 4], T.float32(0)))


def moved_first_stage():
    """A step that is accepted and reads past the end of its input."""
    sch = Schedule(programs.squares(1003))
    part, _rest = sch.split(sch.get_loops("squares")[0], [8, None])
    first = sch.rfactor(part, 0)
    sch.compute_at(first, sch.get_loops("squares")[0])
    return sch.mod["main"]


def test_a_read_outside_is_named():
    with pytest.raises(CheckFailure, match=r"reads inside A \(4,\); found: index 4 in dimension 0") as caught:
        accesses_in_bounds(reads_one_too_far, [(4,), (5,)])
    assert "读取都在 A" in caught.value.message.zh
    writes_in_bounds(reads_one_too_far, [(4,), (5,)])


def test_a_step_that_makes_a_program_read_outside_is_seen_whenever_it_is_asked():
    for _ in range(3):
        with pytest.raises(CheckFailure, match="reads inside"):
            accesses_in_bounds(moved_first_stage(), [(1003,), (1,)])


def test_a_read_that_a_condition_keeps_from_happening_passes():
    accesses_in_bounds(reads_where_it_is_allowed, [(4,), (8,)])
    accesses_in_bounds(padded(), [(2, 3, 9, 8), (4, 3, 3, 3), (2, 4, 5, 4)])
