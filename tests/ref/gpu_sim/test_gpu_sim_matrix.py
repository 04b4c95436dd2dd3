"""Tensor Core instructions: wmma fragments, ldmatrix and mma, with counters derived by hand."""

from functools import cache

import numpy as np
import pytest
import tvm
from tvm.s_tir import Schedule
from tvm.script import ir as I
from tvm.script import tirx as T

from mlc_ref.gpu_sim import BarrierDivergence, UninitializedRead, Unsupported, simulate
from mlc_ref.tensorization.programs.matmul import matmul

AXES = ("blockIdx.y", "blockIdx.x", "threadIdx.y", "threadIdx.z")


@cache
def intrinsics():
    """TVM's own instructions, registered on import; its many programs read quickly once ``mlc_ref`` is imported."""
    from tvm.s_tir.tensor_intrin import cuda

    return cuda


def tiled(n, dtype, result):
    """Blocks of 32 x 32, four warps of 16 x 16 each; operands pass through shared memory, a tile at a time."""
    intrinsics()
    sch = Schedule(matmul(n, n, n, dtype, dtype, result))
    i, j, k = sch.get_loops("matmul")
    i0, i1 = sch.split(i, [None, 16])
    j0, j1 = sch.split(j, [None, 16])
    k0, k1 = sch.split(k, [None, 16])
    sch.reorder(i0, j0, k0, i1, j1, k1)
    tile = sch.blockize(i1)
    block_y, warp_y = sch.split(i0, [None, 2])
    block_x, warp_x = sch.split(j0, [None, 2])
    sch.reorder(block_y, block_x, warp_y, warp_x, k0)
    for loop, axis in zip((block_y, block_x, warp_y, warp_x), AXES, strict=True):
        sch.bind(loop, axis)
    return sch, tile, k0, warp_x


def load_tiles(sch, tile, k0, scopes, intrinsic_names, index_map=None):
    for operand, (scope, name) in enumerate(zip(scopes, intrinsic_names, strict=True)):
        shared = sch.cache_read(tile, operand, "shared")
        fragment = sch.cache_read(tile, operand, scope)
        sch.compute_at(fragment, k0)
        sch.compute_at(shared, k0)
        element = sch.fuse(*sch.get_loops(shared)[-2:])
        _, y, z, x, v = sch.split(element, [None, 2, 2, 32, 4])
        for loop, axis in ((y, "threadIdx.y"), (z, "threadIdx.z"), (x, "threadIdx.x")):
            sch.bind(loop, axis)
        sch.vectorize(v)
        if index_map:
            sch.transform_layout(fragment, ("write", 0), index_map)
        sch.tensorize(sch.get_loops(fragment)[-2], name)


def wmma(n, dtype="float16", result="float32"):
    short = {"float16": "f16", "int8": "s8", "float32": "f32", "int32": "s32"}
    sch, tile, k0, warp = tiled(n, dtype, result)
    store = sch.cache_write(tile, 0, "wmma.accumulator")
    sch.reverse_compute_at(store, warp)
    names = [f"wmma_load_16x16x16_{short[dtype]}_{m}_shared" for m in "ab"]
    load_tiles(sch, tile, k0, ("wmma.matrix_a", "wmma.matrix_b"), names)
    sch.tensorize(sch.decompose_reduction(tile, k0), f"wmma_fill_16x16x16_{short[result]}")
    sch.tensorize(tile, f"wmma_sync_16x16x16_{short[dtype]}{short[dtype]}{short[result]}")
    sch.tensorize(sch.get_loops(store)[-2], f"wmma_store_16x16x16_{short[result]}_global")
    return sch.mod


def mma(n):
    sch, tile, k0, warp = tiled(n, "float16", "float32")
    store = sch.cache_write(tile, 0, "warp")
    sch.reverse_compute_at(store, warp)

    def index_map(i, j):
        return [i // 16, j // 16, *intrinsics().shared_16x16_to_ldmatrix_32x8_layout(i % 16, j % 16)]

    load_tiles(sch, tile, k0, ("warp", "warp"), ("mma_ldmatrix_f16_a", "mma_ldmatrix_f16_b"), index_map)
    sch.transform_layout(store, ("read", 0), index_map)
    sch.tensorize(sch.decompose_reduction(tile, k0), "mma_fill_16x16_f32")
    sch.tensorize(tile, "mma_f16f16f32")
    sch.tensorize(sch.get_loops(store)[-2], "mma_store_16x16_f32_global_")
    return sch.mod


def operands(n, dtype):
    rng = np.random.default_rng(0)
    if dtype == "int8":
        return [rng.integers(-128, 128, (n, n), dtype="int8") for _ in range(2)]
    return [rng.random((n, n)).astype(dtype) for _ in range(2)]


@pytest.mark.parametrize("n", [32, 64])
@pytest.mark.parametrize("schedule", [wmma, mma])
def test_float16_matmul(schedule, n):
    a, b = operands(n, "float16")
    found = simulate(schedule(n), [a, b], [((n, n), "float32")]).outputs[0]
    np.testing.assert_allclose(found, a.astype("float64") @ b.astype("float64"), rtol=1e-5)


def test_float16_accumulators_round():
    a, b = operands(32, "float16")
    found = simulate(wmma(32, "float16", "float16"), [a, b], [((32, 32), "float16")]).outputs[0]
    assert found.dtype == np.float16
    np.testing.assert_allclose(found, a.astype("float64") @ b.astype("float64"), rtol=2e-3)


def test_int8_matmul_is_exact():
    a, b = operands(64, "int8")
    found = simulate(wmma(64, "int8", "int32"), [a, b], [((64, 64), "int32")]).outputs[0]
    np.testing.assert_array_equal(found, a.astype("int32") @ b.astype("int32"))


def counters(mod, n):
    return simulate(mod, operands(n, "float16"), [((n, n), "float32")]).counters


def test_wmma_counters():
    """64 x 64 x 64: 16 warps, 4 steps. A tile of A has rows of 16 halves (32 bytes), one of B of 32 (64 bytes).

    A load reads rows of 16 bytes, eight rows at a time. Rows 32 bytes apart: 8 rows meet twice in a
    bank; 64 bytes apart: four times. Conflicts: 4 * 1 for A, 4 * 3 for B, for each load.
    """
    found = counters(wmma(64), 64)
    warps, steps = 16, 4
    assert found.matrix_instructions == warps * steps
    assert found.matrix_operations == 2 * 64**3
    assert found.shared_load_requests == warps * steps * 2
    assert found.shared_load_conflicts == warps * steps * (4 * 1 + 4 * 3)
    assert found.global_store_requests == warps * 4, "a lane stores two floats at a time, eight in all"
    assert found.global_store_sectors == 64 * 64 * 4 // 32
    assert found.flops == 0


def test_mma_counters():
    """The same loads; an m16n8k16 instruction does half the work; a lane stores its eight floats one by one."""
    found, as_fragments = counters(mma(64), 64), counters(wmma(64), 64)
    assert found.matrix_instructions == 2 * as_fragments.matrix_instructions
    assert found.matrix_operations == 2 * 64**3
    assert found.shared_load_requests == as_fragments.shared_load_requests
    assert found.shared_load_conflicts == as_fragments.shared_load_conflicts
    assert found.global_store_requests == 2 * as_fragments.global_store_requests


def test_a_fragment_must_be_filled():
    source = wmma(32).script()
    line = next(line for line in source.splitlines() if "tvm_fill_fragment" in line)
    with pytest.raises(UninitializedRead, match=r"fragment 0 of .*accumulator was never filled"):
        simulate(parsed(source.replace(line, "")), operands(32, "float16"), [((32, 32), "float32")])


def ones(lanes):
    @I.ir_module
    class Module:
        @T.prim_func(s_tir=True)
        def main(B: T.Buffer((16, 16), "float32")):
            for t in T.thread_binding(32, "threadIdx.x"):
                with T.sblock("B"):
                    vi = T.axis.spatial(32, t)
                    ones = T.sblock_alloc_buffer((16, 16), scope="wmma.accumulator")
                    if vi < lanes:
                        T.evaluate(T.tvm_fill_fragment(ones.data, 16, 16, 16, 0, T.float32(1)))
                        T.evaluate(
                            T.tvm_store_matrix_sync(
                                ones.data, 16, 16, 16, 0, B.access_ptr("w", ptr_type="float32"), 16, "row_major"
                            )
                        )

    return Module


def test_a_warp_works_as_a_whole():
    assert (simulate(ones(32), [], [((16, 16), "float32")]).outputs[0] == 1).all()
    with pytest.raises(BarrierDivergence, match=r"all 32 threads of a warp.*thread \(16, 0, 0\)"):
        simulate(ones(16), [], [((16, 16), "float32")])


def test_other_shapes_are_refused():
    source = ones(32).script().replace("16, 16, 16, 0", "8, 32, 16, 0")
    with pytest.raises(Unsupported, match=r"matrix shape of \[8, 32, 16\]"):
        simulate(parsed(source), [], [((16, 16), "float32")])


def parsed(source):
    return tvm.script.from_source(source)
