"""Each primitive's schedule: the nest it promises, the numbers it keeps, and what TVM refuses."""

import json

import numpy as np
import pytest
import tvm
import tvm_ffi
from tvm.s_tir import Schedule, ScheduleError

from mlc_ref.checks.blocks import annotated, axis_kinds, block_count, decomposed, inlined, reads_buffers
from mlc_ref.checks.equivalence import equivalent
from mlc_ref.checks.loops import Loop, computed_at, has_loop, loop_nest
from mlc_ref.checks.memory import allocated_bytes, has_buffer
from mlc_ref.harness import run
from mlc_ref.schedules import primitives, programs, traces

MATMUL = programs.matmul(8, 16, 32)
SCALE = programs.scale_add(64)
CHAIN = programs.chain(8, 16)
RELU = programs.matmul_relu(8, 16, 32)


def test_split():
    loop_nest(primitives.split(SCALE), "Y", [Loop(0, 4, step=16), Loop(0, 16)])


def test_reorder():
    loop_nest(primitives.reorder(MATMUL), "C", [Loop(0, 8), Loop(2, 32), Loop(1, 16)])


def test_fuse():
    loop_nest(primitives.fuse(MATMUL), "C", [Loop((0, 1), 128), Loop(2, 32)])


def test_compute_at_leaves_one_row():
    sch = primitives.compute_at(CHAIN)
    computed_at(sch, "P", "E", shared=1)
    assert allocated_bytes(CHAIN) - allocated_bytes(sch) == (8 - 1) * 16 * 4


@pytest.mark.parametrize("depth", [1, 2])
def test_reverse_compute_at(depth):
    computed_at(primitives.reverse_compute_at(RELU, depth), "C", "Y", shared=depth)


def test_inlining_removes_the_buffer():
    inlined(primitives.compute_inline(CHAIN), "P")
    reads_buffers(primitives.compute_inline(CHAIN), "E", {"A"})
    inlined(primitives.reverse_compute_inline(CHAIN), "E")


def test_cache_read_makes_a_copy_that_the_consumer_reads():
    sch = primitives.cache_read(MATMUL)
    has_buffer(sch, shape=(32, 16))
    reads_buffers(sch, "C", {"A", "B_global"})


def test_cache_write_needs_one_element():
    has_buffer(primitives.cache_write(MATMUL), shape=(1, 1), scope="local")


def test_decompose_reduction():
    sch = primitives.decompose_reduction(MATMUL)
    decomposed(sch)
    loop_nest(sch, "C_init", [Loop(0, 8), Loop(1, 16)])


def test_rfactor_sums_in_two_stages():
    sch = primitives.rfactor(programs.row_sum(8, 64))
    block_count(sch, 2)
    has_buffer(sch, shape=(4, 8))
    has_loop(sch, "S_rf", Loop(extent=4, kind="parallel"))
    axis_kinds(sch, "S_rf", "SSR")


def test_rfactor_of_a_sum_to_one_number():
    sch = primitives.rfactor(programs.total(63), parts=7)
    equivalent(sch, programs.total(63))


def test_parallel_vectorize_unroll():
    loop_nest(primitives.parallel(SCALE), "Y", [Loop(0, 4, "parallel"), Loop(0, 16, "serial")])
    loop_nest(primitives.vectorize(SCALE), "Y", [Loop(0, 4, "serial"), Loop(0, 16, "vectorized")])
    loop_nest(primitives.unroll(SCALE), "Y", [Loop(0, 16, "serial"), Loop(0, 4, "unrolled")])


def test_transform_layout_packs_columns_and_fills_up():
    has_buffer(primitives.transform_layout(MATMUL), shape=(4, 32, 4))
    has_buffer(primitives.transform_layout(programs.matmul(8, 17, 32)), shape=(5, 32, 4))


def test_annotate():
    annotated(primitives.annotate(SCALE), "Y", "pragma_auto_unroll_max_step", 64)


UNEVEN = {
    "split": programs.scale_add(70),
    "parallel": programs.scale_add(70),
    "vectorize": programs.scale_add(70),
    "unroll": programs.scale_add(1),
    "annotate": programs.scale_add(7),
    "reorder": programs.matmul(5, 7, 3),
    "fuse": programs.matmul(5, 7, 3),
    "cache_read": programs.matmul(5, 7, 3),
    "cache_write": programs.matmul(5, 1, 3),
    "decompose_reduction": programs.matmul(1, 7, 3),
    "transform_layout": programs.matmul(5, 7, 3),
    "compute_at": programs.chain(5, 7),
    "compute_inline": programs.chain(5, 7),
    "reverse_compute_inline": programs.chain(1, 1),
    "reverse_compute_at": programs.matmul_relu(5, 7, 3),
    "rfactor": programs.row_sum(5, 13),
}


@pytest.mark.parametrize("name", UNEVEN)
def test_every_primitive_keeps_the_numbers_and_replays_from_json(name):
    mod = UNEVEN[name]
    sch = getattr(primitives, name)(mod)
    equivalent(sch, mod)
    again = traces.replay(mod, traces.trace_to_json(sch))
    assert tvm_ffi.structural_equal(again.mod, sch.mod)


def test_every_primitive_is_tested():
    assert set(UNEVEN) == {
        n for n, f in vars(primitives).items() if getattr(f, "__module__", "") == primitives.__name__
    }


def refused(step, message):
    with pytest.raises(ScheduleError, match=message):
        step()


def test_split_wants_factors_that_cover_the_loop():
    sch = Schedule(SCALE)
    refused(
        lambda: sch.split(sch.get_loops("Y")[0], [2, 16]),
        "product of factors is not larger than or equal to the extent",
    )


def test_reorder_wants_loops_of_one_nest():
    sch = Schedule(RELU)
    refused(
        lambda: sch.reorder(sch.get_loops("Y")[0], sch.get_loops("C")[0]),
        "not in a chain because they are not under the same scope",
    )


def test_fuse_wants_a_loop_right_inside_the_other():
    sch = Schedule(MATMUL)
    i, _j, k = sch.get_loops("C")
    refused(lambda: sch.fuse(i, k), "outer loop tirx.For#0 is not the parent of the inner loop")


def test_compute_at_wants_a_consumer_below():
    sch = Schedule(CHAIN)
    refused(lambda: sch.compute_at("E", sch.get_loops("P")[0]), "requires all the consumer")


def test_an_output_cannot_be_inlined():
    sch = Schedule(CHAIN)
    refused(lambda: sch.compute_inline("C"), "is an output block")


def test_parallel_refuses_a_reduction():
    sch = Schedule(MATMUL)
    refused(lambda: sch.parallel(sch.get_loops("C")[2]), "is not a data parallel block iter")


def test_vectorize_refuses_a_loop_two_blocks_share_after_decomposition():
    sch = primitives.decompose_reduction(MATMUL)
    refused(lambda: sch.vectorize(sch.get_loops("C_update")[1]), "does not have compact dataflow")


def test_decompose_wants_the_reduction_loop_inside():
    sch = primitives.reorder(MATMUL)
    refused(
        lambda: sch.decompose_reduction("C", sch.get_loops("C")[2]),
        "to be higher than all the loops related to reduce block var",
    )


def test_rfactor_wants_a_commutative_update():
    sch = Schedule(SCALE)
    refused(lambda: sch.rfactor(sch.get_loops("Y")[0], 0), "is not a reduction block")


def test_a_missing_block_is_named():
    with pytest.raises(ScheduleError, match="Cannot find a block with the name: Z"):
        Schedule(SCALE).get_sblock("Z")


def test_layouts_that_do_not_divide_need_a_pad_value():
    sch = Schedule(programs.matmul(8, 17, 32))
    copy = sch.cache_read("C", 1, "global")
    refused(
        lambda: sch.transform_layout(copy, ("write", 0), lambda k, j: (j // 4, k, j % 4)), "would introduce padding"
    )


def test_traces_are_plain_json_and_need_a_schedule_with_a_trace():
    sch = primitives.split(SCALE)
    assert traces.steps(sch) == ["GetSBlock", "GetLoops", "Split"]
    instructions, _decisions = json.loads(traces.trace_to_json(sch))
    assert [each[0] for each in instructions] == traces.steps(sch)
    untraced = Schedule._create_non_traced(SCALE)
    with pytest.raises(ValueError, match="without a trace"):
        traces.trace_to_json(untraced)
    with pytest.raises(ScheduleError, match="Cannot find a block"):
        traces.replay(MATMUL, traces.trace_to_json(sch))


@pytest.mark.parametrize("length", [1, 17, 64])
def test_programs_agree_with_numpy(length):
    rng = np.random.default_rng(length)
    x = rng.uniform(-1, 1, (3, length)).astype("float32")
    (rows,) = run(programs.row_sum(3, length), [x], [((3,), "float32")])
    np.testing.assert_allclose(rows, x.sum(1, dtype="float64"), rtol=1e-5, atol=1e-5)
    (flipped,) = run(programs.transpose(3, length), [x], [((length, 3), "float32")])
    np.testing.assert_array_equal(flipped, x.T)
    (out,) = run(programs.chain(3, length), [x], [((3, length), "float32")])
    np.testing.assert_allclose(out, np.exp(x.astype("float64") + 1) * 2, rtol=1e-5)
    y = rng.uniform(-1, 1, (2, length, 5)).astype("float32")
    a = rng.uniform(-1, 1, (2, 3, length)).astype("float32")
    (product,) = run(programs.batch_matmul_relu(2, 3, 5, length), [a, y], [((2, 3, 5), "float32")])
    np.testing.assert_allclose(product, np.maximum(a.astype("float64") @ y, 0), rtol=1e-4, atol=1e-5)


def test_modules_are_not_changed_by_scheduling_them():
    before = tvm.ir.save_json(MATMUL)
    primitives.cache_write(MATMUL)
    assert tvm.ir.save_json(MATMUL) == before
