"""What TVM and the course's own check say about blocks whose axes are declared wrongly."""

import numpy as np
import pytest
import tvm
from tvm.script import tirx as T

from mlc_ref.checks import CheckFailure
from mlc_ref.harness import run
from mlc_ref.tensor_programs import generators, programs, reference
from mlc_ref.tensor_programs.axes import Axis, axes_of, check_axes

RIGHT = [programs.CenterRows, programs.CenterRowsCanonical, programs.CenterRowsSymbolic, programs.Int8Matmul]
X = np.arange(24, dtype="float32").reshape(4, 6)


@T.prim_func(s_tir=True)
def split_with_predicate(A: T.Buffer((7,), "float32"), B: T.Buffer((7,), "float32")):
    for io, ii in T.grid(2, 4):
        with T.sblock("B"):
            T.where(io * 4 + ii < 7)
            vi = T.axis.spatial(7, io * 4 + ii)
            B[vi] = A[vi]


@T.prim_func(s_tir=True)
def split_without_predicate(A: T.Buffer((7,), "float32"), B: T.Buffer((7,), "float32")):
    for io, ii in T.grid(2, 4):
        with T.sblock("B"):
            vi = T.axis.spatial(7, io * 4 + ii)
            B[vi] = A[vi]


@T.prim_func(s_tir=True)
def nested_blocks(A: T.Buffer((8, 4), "float32"), B: T.Buffer((8,), "float32")):
    for io in range(2):
        with T.sblock("outer"):
            vo = T.axis.spatial(2, io)
            for ii, k in T.grid(4, 4):
                with T.sblock("inner"):
                    vi = T.axis.spatial(8, vo * 4 + ii)
                    vk = T.axis.reduce(4, k)
                    with T.init():
                        B[vi] = T.float32(0)
                    B[vi] = B[vi] + A[vi, vk]


@T.prim_func(s_tir=True)
def fused_loop(A: T.Buffer((3, 5), "float32"), B: T.Buffer((3, 5), "float32")):
    for f in range(15):
        with T.sblock("B"):
            vi = T.axis.spatial(3, f // 5)
            vj = T.axis.spatial(5, f % 5)
            B[vi, vj] = A[vi, vj]


@T.prim_func(s_tir=True)
def one_loop_for_two_axes(A: T.Buffer((4, 4), "float32"), B: T.Buffer((4, 4), "float32")):
    for i, _ in T.grid(4, 4):
        with T.sblock("B"):
            vi = T.axis.spatial(4, i)
            vj = T.axis.spatial(4, i)
            B[vi, vj] = A[vi, vj]


@T.prim_func(s_tir=True)
def too_many_iterations(A: T.Buffer((1 << 23,), "int8"), B: T.Buffer((1 << 23,), "int8")):
    for i in range(1 << 23):
        with T.sblock("B"):
            vi = T.axis.spatial(1 << 23, i)
            B[vi] = A[vi]


@T.prim_func(s_tir=True)
def bound_by_data(A: T.Buffer((4,), "int32"), B: T.Buffer((4,), "int32")):
    for i in range(4):
        with T.sblock("B"):
            vi = T.axis.spatial(4, A[i])
            B[vi] = 1


@T.prim_func(s_tir=True)
def nested_wrong_kind(A: T.Buffer((8, 4), "float32"), B: T.Buffer((8,), "float32")):
    for io, k in T.grid(2, 4):
        with T.sblock("outer"):
            vo, vk = T.axis.remap("SS", [io, k])
            for ii in range(4):
                with T.sblock("inner"):
                    vi = T.axis.spatial(8, vo * 4 + ii)
                    B[vi] = A[vi, vk]


@T.prim_func(s_tir=True)
def unit_axis(A: T.Buffer((4, 1), "float32"), B: T.Buffer((4,), "float32")):
    for i, j in T.grid(4, 1):
        with T.sblock("B"):
            vi, vj = T.axis.remap("SS", [i, j])
            B[vi] = A[vi, vj]


@T.prim_func(s_tir=True)
def init_without_reduction(A: T.Buffer((4,), "float32"), B: T.Buffer((4,), "float32")):
    for i in range(4):
        with T.sblock("B"):
            vi = T.axis.spatial(4, i)
            with T.init():
                B[vi] = T.float32(0)
            B[vi] = B[vi] + A[vi]


@pytest.mark.parametrize("mod", RIGHT)
def test_right_programs_pass(mod):
    check_axes(mod["main"])


@pytest.mark.parametrize("func", [split_with_predicate, nested_blocks, fused_loop, unit_axis])
def test_other_ways_to_write_right_axes_pass(func):
    check_axes(func)


def test_scheduled_programs_pass():
    sch = tvm.s_tir.Schedule(programs.CenterRows)
    i, k = sch.get_loops(sch.get_sblock("total"))
    sch.split(k, [None, 4])
    sch.decompose_reduction(sch.get_sblock("total"), i)
    sch.fuse(*sch.get_loops(sch.get_sblock("Y")))
    check_axes(sch.mod["main"])


@pytest.mark.parametrize("rows", [1, 5])
def test_generated_programs_pass(rows):
    check_axes(generators.center_rows_te(rows, 3))


def test_axes_are_listed_as_written():
    assert axes_of(programs.CenterRows["main"]) == [
        Axis("total", "vi", "spatial", "4", "i"),
        Axis("total", "vk", "reduce", "6", "k"),
        Axis("Y", "vi", "spatial", "4", "i"),
        Axis("Y", "vj", "spatial", "6", "j"),
    ]


@pytest.mark.parametrize(
    ("func", "message"),
    [
        (programs.MissingRow["main"], r"3 of 4 points; never vi = 3; where: block 'doubled'"),
        (split_without_predicate, r"vi = 7, outside the domain"),
        (one_loop_for_two_axes, r"4 of 16 points; never vi = 0, vj = 1"),
        (nested_wrong_kind, r"axis vk declared as a reduction; found: spatial; where: block 'outer'"),
        (programs.SumAllSpatial["main"], r"axis vk declared as a reduction; found: spatial"),
        (programs.SumGuarded["main"], r"axis vk declared as a reduction; found: spatial"),
        (programs.SumAllReduce["main"], r"axis vi declared as spatial; found: reduction"),
        (init_without_reduction, r"a reduction axis beside T.init\(\)"),
        (too_many_iterations, r"at most 4194304 iterations"),
        (bound_by_data, r"integer arithmetic on loop variables and shapes"),
    ],
)
def test_wrong_axes_are_named(func, message):
    with pytest.raises(CheckFailure, match=message):
        check_axes(func)


def test_tvm_runs_a_loop_that_is_too_short_and_leaves_elements_unwritten():
    short = tvm.IRModule({"main": split_prefix})
    (found,) = run(short, [np.ones(4, "float32")], [((4,), "float32")])
    np.testing.assert_array_equal(found, [2, 2, 2, np.nan])


@T.prim_func(s_tir=True)
def split_prefix(A: T.Buffer((4,), "float32"), B: T.Buffer((4,), "float32")):
    for i in range(3):
        with T.sblock("B"):
            vi = T.axis.spatial(4, i)
            B[vi] = A[vi] * T.float32(2)


def test_tvm_refuses_to_transform_a_producer_that_does_not_cover_its_consumer():
    sch = tvm.s_tir.Schedule(programs.MissingRow)
    with pytest.raises(tvm.s_tir.ScheduleError, match="not a stage pipeline"):
        sch.compute_inline(sch.get_sblock("doubled"))


def test_tvm_believes_a_reduction_declared_spatial_and_computes_the_last_term():
    (found,) = run(programs.SumAllSpatial, [X], [((4,), "float32")])
    np.testing.assert_array_equal(found, X[:, -1])
    sch = tvm.s_tir.Schedule(programs.SumAllSpatial)
    sch.parallel(sch.get_loops(sch.get_sblock("total"))[1])


def test_tvm_refuses_to_parallelize_a_guarded_sum():
    (found,) = run(programs.SumGuarded, [X], [((4,), "float32")])
    np.testing.assert_array_equal(found, reference.matmul(X, np.ones((6, 1)))[:, 0])
    sch = tvm.s_tir.Schedule(programs.SumGuarded)
    with pytest.raises(tvm.s_tir.ScheduleError, match="violates condition #3 as a local complete block"):
        sch.parallel(sch.get_loops(sch.get_sblock("total"))[0])


def test_tvm_initializes_once_where_the_output_axis_is_declared_a_reduction():
    sch = tvm.s_tir.Schedule(programs.SumAllReduce)
    block = sch.get_sblock("total")
    with pytest.raises(tvm.s_tir.ScheduleError, match="violates condition #5"):
        sch.decompose_reduction(block, sch.get_loops(block)[0])


def test_the_parser_refuses_a_block_that_reads_a_loop_variable():
    with pytest.raises(Exception, match="Loop iterator var i is defined outside of any block"):
        tvm.script.from_source(programs.LEAKS_LOOP_VARIABLE, {"T": T})
