"""Checks on loops accept every way to reach a nest, and no other nest."""

import pytest
from tvm.s_tir import Schedule

from mlc_ref.checks import CheckFailure
from mlc_ref.checks.loops import (
    Loop,
    computed_at,
    describe,
    extent_at_most,
    has_loop,
    loop_nest,
    no_loop,
    same_structure,
)
from mlc_ref.checks.sites import reducing, select, select_one, sites, writing
from mlc_ref.schedules.programs import matmul, matmul_relu, scale_add

TILED = [Loop(0, 4, "parallel", step=8), Loop(1, 2, step=16), Loop(2, 32), Loop(0, 8), Loop(1, 16, "vectorized")]


def tiled() -> Schedule:
    sch = Schedule(matmul(32, 32, 32))
    i, j, k = sch.get_loops("C")
    i0, i1 = sch.split(i, [None, 8])
    j0, j1 = sch.split(j, [None, 16])
    sch.reorder(i0, j0, k, i1, j1)
    sch.parallel(i0)
    sch.vectorize(j1)
    return sch


def tiled_another_way() -> Schedule:
    """The same nest: other factors first, a loop of one iteration, kinds set in another order."""
    sch = Schedule(matmul(32, 32, 32))
    i, j, k = sch.get_loops("C")
    _one, k = sch.split(k, [1, None])
    j0, j1 = sch.split(j, [2, None])
    sch.vectorize(sch.split(j1, [1, 16])[1])
    i0, i1 = sch.split(i, [4, 8])
    sch.parallel(i0)
    inner = sch.get_loops("C")[-4]
    sch.reorder(i0, j0, k, i1, inner)
    return sch


def test_a_nest_is_accepted_however_it_was_made():
    loop_nest(tiled(), "C", TILED)
    loop_nest(tiled().mod, "C", TILED)
    loop_nest(tiled().mod["main"], reducing, TILED)


def test_loops_of_one_iteration_do_not_count():
    sch = Schedule(matmul(32, 32, 32))
    sch.add_unit_loop(sch.get_sblock("C"))
    loop_nest(sch, "C", [Loop(0, 32), Loop(1, 32), Loop(2, 32)])


@pytest.mark.parametrize(
    "wrong",
    [
        TILED[:-1],
        [TILED[1], TILED[0], *TILED[2:]],
        [*TILED[:-1], Loop(1, 16, "serial")],
        [*TILED[:-1], Loop(1, 8, "vectorized")],
        [Loop(0, 4, "parallel", step=1), *TILED[1:]],
    ],
)
def test_another_nest_is_refused(wrong):
    with pytest.raises(CheckFailure, match=r"found: parallel axis 0 × 4 step 8 > .* > vectorized axis 1 × 16"):
        loop_nest(tiled(), "C", wrong)


def test_the_step_tells_an_inner_loop_from_an_outer_one_of_the_same_extent():
    sch = Schedule(scale_add(16))
    outer, inner = sch.split(sch.get_loops("Y")[0], [4, 4])
    sch.reorder(inner, outer)
    loop_nest(sch, "Y", [Loop(0, 4, step=1), Loop(0, 4, step=4)])
    with pytest.raises(CheckFailure):
        loop_nest(sch, "Y", [Loop(0, 4, step=4), Loop(0, 4, step=1)])


def test_a_fused_loop_moves_several_axes():
    sch = Schedule(matmul(4, 6, 5))
    i, j, _k = sch.get_loops("C")
    sch.fuse(i, j)
    loop_nest(sch, "C", [Loop((0, 1), 24), Loop(2, 5)])
    with pytest.raises(CheckFailure):
        loop_nest(sch, "C", [Loop(0, 24), Loop(2, 5)])


def test_has_loop_looks_at_the_stated_place():
    sch = tiled()
    has_loop(sch, "C", Loop(kind="vectorized"), place="innermost")
    has_loop(sch, None, Loop(kind="parallel"), place="outermost")
    has_loop(sch, writing(sch, -1), Loop(axis=2))
    with pytest.raises(CheckFailure, match="outermost"):
        has_loop(sch, "C", Loop(kind="vectorized"), place="outermost")


def test_thread_accepts_any_thread_axis_and_a_tag_only_itself():
    sch = Schedule(scale_add(64))
    block, thread = sch.split(sch.get_loops("Y")[0], [None, 16])
    sch.bind(block, "blockIdx.x")
    sch.bind(thread, "threadIdx.x")
    has_loop(sch, "Y", Loop(0, 16, "thread"))
    has_loop(sch, "Y", Loop(0, 4, "blockIdx.x"))
    with pytest.raises(CheckFailure):
        has_loop(sch, "Y", Loop(0, 16, "threadIdx.y"))


def test_no_loop_names_the_block_that_has_one():
    no_loop(matmul(4, 4, 4), None, Loop(kind="parallel"))
    with pytest.raises(CheckFailure, match="where: block C"):
        no_loop(tiled(), None, Loop(kind="parallel"))


def test_extent_at_most_multiplies_the_loops_of_a_kind():
    sch = tiled()
    for loop in sch.get_loops("C")[2:4]:
        sch.unroll(loop)
    extent_at_most(sch, "C", "unrolled", 256)
    with pytest.raises(CheckFailure, match="found: 256"):
        extent_at_most(sch, "C", "unrolled", 255)


def test_computed_at_counts_the_loops_two_blocks_share():
    sch = Schedule(matmul_relu(8, 8, 8))
    with pytest.raises(CheckFailure, match="at least one shared loop; found: 0"):
        computed_at(sch, "Y", "C")
    i, j, _k = sch.get_loops("Y")
    sch.reverse_compute_at("C", i)
    computed_at(sch, "Y", "C", shared=1)
    sch.reverse_compute_at("C", j)
    computed_at(sch, "Y", "C", shared=2)
    with pytest.raises(CheckFailure, match="found: 2"):
        computed_at(sch, "Y", "C", shared=1)


def test_same_structure_ignores_names_and_nothing_else():
    mod = tiled().mod
    same_structure(mod, tiled())
    with pytest.raises(CheckFailure, match=r"where: <root>\.body"):
        same_structure(mod, matmul(32, 32, 32))


def test_same_nest_from_other_steps():
    loop_nest(tiled_another_way(), "C", TILED)


def test_movement_is_known_inside_nested_blocks():
    sch = Schedule(matmul(8, 8, 8))
    i, _j, _k = sch.get_loops("C")
    _i0, i1 = sch.split(i, [2, 4])
    sch.blockize(i1)
    outer, inner = sites(sch)
    assert describe(outer) == "serial axis 0 × 2"
    assert describe(inner).endswith("serial axis 2 × 8")


def test_a_selector_that_means_nothing_lists_the_blocks():
    with pytest.raises(CheckFailure, match="expected: a block named D; found: Y, C"):
        select(matmul_relu(2, 2, 2), "D")
    with pytest.raises(CheckFailure, match="exactly one: a block; found: Y, C"):
        select_one(matmul_relu(2, 2, 2))
    with pytest.raises(CheckFailure, match="a block with a reduction axis"):
        select(scale_add(4), reducing)


def test_only_ir_is_accepted():
    with pytest.raises(CheckFailure, match="expected: an IRModule, PrimFunc or Schedule; found: str"):
        sites("main")
    with pytest.raises(CheckFailure, match="TensorIR function named other; found: main"):
        sites(scale_add(4), entry="other")
