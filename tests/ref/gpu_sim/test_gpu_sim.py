"""What runs in the simulator: grids, scopes and control flow, against NumPy."""

import numpy as np
import pytest
from simulated import uniform
from tvm.s_tir import Schedule
from tvm.script import ir as I
from tvm.script import tirx as T

from mlc_ref.gpu_sim import Options, lower_for_gpu, programs, simulate
from mlc_ref.harness import error_bound


def run(mod, inputs, shape, dtype="float32", **options):
    return simulate(mod, inputs, [(shape, dtype)], options=Options(**options)).outputs[0]


# Grids


def three_axes():
    @I.ir_module
    class Module:
        @T.prim_func(s_tir=True)
        def main(A: T.Buffer((4, 6, 10), "float32"), B: T.Buffer((4, 6, 10), "float32")):
            for bz in T.thread_binding(2, "blockIdx.z"):
                for by in T.thread_binding(3, "blockIdx.y"):
                    for bx in T.thread_binding(5, "blockIdx.x"):
                        for tz in T.thread_binding(2, "threadIdx.z"):
                            for ty in T.thread_binding(2, "threadIdx.y"):
                                for tx in T.thread_binding(2, "threadIdx.x"):
                                    with T.sblock("B"):
                                        i = T.axis.spatial(4, bz * 2 + tz)
                                        j = T.axis.spatial(6, by * 2 + ty)
                                        k = T.axis.spatial(10, bx * 2 + tx)
                                        B[i, j, k] = A[i, j, k] + T.Cast("float32", i * 100 + j * 10 + k)

    return Module


@pytest.mark.parametrize("threads_per_pass", [1, 20, 100, 1 << 16])
def test_three_axes_of_blocks_and_threads(threads_per_pass):
    a = uniform(4, 6, 10)
    i, j, k = np.indices(a.shape)
    expected = a + (i * 100 + j * 10 + k).astype("float32")
    np.testing.assert_array_equal(run(three_axes(), [a], a.shape, threads_per_pass=threads_per_pass), expected)
    kernel = simulate(three_axes(), [a], [(a.shape, "float32")]).kernels[0]
    assert (kernel.grid, kernel.block) == ((5, 3, 2), (2, 2, 2))


def two_kernels():
    @I.ir_module
    class Module:
        @T.prim_func(s_tir=True)
        def main(A: T.Buffer((256,), "float32"), B: T.Buffer((256,), "int32")):
            W = T.sblock_alloc_buffer((256,), "float32")
            for b in T.thread_binding(2, "blockIdx.x"):
                for t in T.thread_binding(128, "threadIdx.x"):
                    with T.sblock("W"):
                        vi = T.axis.spatial(256, b * 128 + t)
                        W[vi] = A[vi] * T.float32(100)
            for b in T.thread_binding(4, "blockIdx.x"):
                for t in T.thread_binding(64, "threadIdx.x"):
                    with T.sblock("B"):
                        vi = T.axis.spatial(256, b * 64 + t)
                        B[vi] = T.Cast("int32", W[255 - vi])

    return Module


def test_two_kernels_share_a_buffer():
    a = uniform(256)
    result = simulate(two_kernels(), [a], [((256,), "int32")])
    np.testing.assert_array_equal(result.outputs[0], (a[::-1] * np.float32(100)).astype("int32"))
    assert [k.name for k in result.kernels] == ["main_kernel", "main_kernel_1"]
    assert [k.grid[0] for k in result.kernels] == [2, 4]
    assert result.counters.global_load_requests == sum(k.counters.global_load_requests for k in result.kernels) == 16


def any_length():
    @I.ir_module
    class Module:
        @T.prim_func(s_tir=True)
        def main(a: T.handle, b: T.handle, n: T.int32):
            A = T.match_buffer(a, (n,), "float32")
            B = T.match_buffer(b, (n,), "float32")
            for i in T.thread_binding((n + 31) // 32, "blockIdx.x"):
                for j in T.thread_binding(32, "threadIdx.x"):
                    with T.sblock("B"):
                        vi = T.axis.spatial(n, i * 32 + j)
                        T.where(i * 32 + j < n)
                        B[vi] = T.exp(A[vi]) + T.Cast("float32", n)

    return Module


@pytest.mark.parametrize("n", [1, 31, 100])
def test_a_length_known_when_the_kernel_starts(n):
    a = uniform(n)
    np.testing.assert_allclose(run(any_length(), [a, n], (n,)), np.exp(a) + n, rtol=1e-6)


def test_a_grid_without_threads():
    sch = Schedule(programs.vector_add(64, threads=1))
    a, b = uniform(64), uniform(64)
    result = simulate(sch.mod, [a, b], [((64,), "float32")])
    np.testing.assert_array_equal(result.outputs[0], a + b)
    assert result.counters.global_load_sectors == 2 * 64, "a warp of one lane asks for a sector of its own"


def test_virtual_threads():
    sch = Schedule(elementwise())
    block, virtual, thread = sch.split(sch.get_loops("B")[0], [4, 2, 32])
    for loop, axis in ((block, "blockIdx.x"), (virtual, "vthread.x"), (thread, "threadIdx.x")):
        sch.bind(loop, axis)
    a = uniform(256)
    result = simulate(sch.mod, [a], [((256,), "float32")])
    np.testing.assert_array_equal(result.outputs[0], a * 2)
    assert (result.kernels[0].grid, result.kernels[0].block) == ((4, 1, 1), (32, 1, 1))


def elementwise():
    @I.ir_module
    class Module:
        @T.prim_func(s_tir=True)
        def main(A: T.Buffer((256,), "float32"), B: T.Buffer((256,), "float32")):
            for i in range(256):
                with T.sblock("B"):
                    vi = T.axis.spatial(256, i)
                    B[vi] = A[vi] * T.float32(2)

    return Module


# Control flow


def triangle():
    @I.ir_module
    class Module:
        @T.prim_func(s_tir=True)
        def main(A: T.Buffer((64, 64), "float32"), length: T.Buffer((64,), "int32"), B: T.Buffer((64,), "float32")):
            for t in T.thread_binding(64, "threadIdx.x"):
                with T.sblock("B"):
                    vi = T.axis.spatial(64, t)
                    total = T.sblock_alloc_buffer((1,), scope="local")
                    total[0] = T.float32(0)
                    for k in range(length[vi]):
                        total[0] = total[0] + A[vi, k]
                    B[vi] = total[0]

    return Module


def test_a_loop_whose_bound_comes_from_memory():
    """Warps of equal lengths do not diverge; a warp of lengths 0 to 31 diverges each time a lane leaves."""
    a = uniform(64, 64)
    lengths = np.r_[np.arange(32), np.full(32, 40)].astype("int32")
    result = simulate(triangle(), [a, lengths], [((64,), "float32")])
    expected = [row[:n].sum(dtype="float64") for row, n in zip(a, lengths, strict=True)]
    np.testing.assert_allclose(result.outputs[0], expected, rtol=2 * error_bound(64))
    assert result.counters.divergent_branches == 31
    assert result.counters.flops == lengths.sum()


def branches():
    @I.ir_module
    class Module:
        @T.prim_func(s_tir=True)
        def main(A: T.Buffer((64,), "float32"), B: T.Buffer((64,), "float32")):
            for t in T.thread_binding(64, "threadIdx.x"):
                with T.sblock("B"):
                    vi = T.axis.spatial(64, t)
                    if A[vi] < T.float32(0.5):
                        B[vi] = A[vi] * T.float32(2)
                    else:
                        if vi % 2 == 0:
                            B[vi] = T.float32(1)
                        else:
                            B[vi] = -A[vi]

    return Module


def test_branches_that_diverge():
    a = uniform(64)
    expected = np.where(a < 0.5, a * 2, np.where(np.arange(64) % 2 == 0, 1, -a))
    result = simulate(branches(), [a], [((64,), "float32")])
    np.testing.assert_array_equal(result.outputs[0], expected.astype("float32"))
    assert result.counters.divergent_branches == 4, "two warps, each at both branches"


def padded_window():
    @I.ir_module
    class Module:
        @T.prim_func(s_tir=True)
        def main(A: T.Buffer((64,), "float32"), B: T.Buffer((64,), "float32")):
            for t in T.thread_binding(64, "threadIdx.x"):
                with T.sblock("B"):
                    vi = T.axis.spatial(64, t)
                    B[vi] = T.if_then_else(vi > 0, A[vi - 1], T.float32(0)) + A[vi]

    return Module


def test_a_guarded_load_runs_in_the_guarded_lanes_only():
    a = uniform(64)
    result = simulate(padded_window(), [a], [((64,), "float32")])
    np.testing.assert_array_equal(result.outputs[0], np.r_[np.float32(0), a[:-1]] + a)
    assert result.counters.global_load_sectors == 2 * 4 + (4 + 5), "lane 0 asks for nothing; the next warp starts late"


# Memory


def dynamic_registers():
    @I.ir_module
    class Module:
        @T.prim_func(s_tir=True)
        def main(A: T.Buffer((64, 4), "float32"), pick: T.Buffer((64,), "int32"), B: T.Buffer((64,), "float32")):
            for t in T.thread_binding(64, "threadIdx.x"):
                with T.sblock("B"):
                    vi = T.axis.spatial(64, t)
                    x = T.sblock_alloc_buffer((4,), scope="local")
                    for k in range(4):
                        x[k] = A[vi, k]
                    B[vi] = x[pick[vi]]

    return Module


def test_private_arrays_with_an_index_of_each_lane():
    a, pick = uniform(64, 4), np.random.default_rng(1).integers(0, 4, 64, dtype="int32")
    np.testing.assert_array_equal(run(dynamic_registers(), [a, pick], (64,)), a[np.arange(64), pick])


@pytest.mark.parametrize("scope", ["shared", "shared.dyn"])
def test_static_and_dynamic_shared_memory(scope):
    sch = Schedule(programs.vector_add(256))
    copy = sch.cache_read("C", 0, scope)
    sch.compute_at(copy, sch.get_loops("C")[0])
    sch.bind(sch.get_loops(copy)[-1], "threadIdx.x")
    a, b = uniform(256), uniform(256)
    result = simulate(sch.mod, [a, b], [((256,), "float32")])
    np.testing.assert_array_equal(result.outputs[0], a + b)
    assert result.counters.shared_bytes_per_block == 128 * 4


def rotate():
    @I.ir_module
    class Module:
        @T.prim_func(s_tir=True)
        def main(A: T.Buffer((4, 32), "float32"), B: T.Buffer((4, 4, 32), "float32")):
            for ty in T.thread_binding(4, "threadIdx.y"):
                for tx in T.thread_binding(32, "threadIdx.x"):
                    with T.sblock("B"):
                        r, c = T.axis.remap("SS", [ty, tx])
                        mask = T.sblock_alloc_buffer((1,), "uint32", scope="local")
                        x = T.sblock_alloc_buffer((1,), scope="local")
                        mask[0] = T.tvm_warp_activemask()
                        x[0] = A[r, c]
                        B[0, r, c] = T.tvm_warp_shuffle(mask[0], x[0], 3, 32, 32)
                        B[1, r, c] = T.tvm_warp_shuffle_up(mask[0], x[0], 1, 32, 32)
                        B[2, r, c] = T.tvm_warp_shuffle_down(mask[0], x[0], 4, 8, 32)
                        B[3, r, c] = T.tvm_warp_shuffle_xor(mask[0], x[0], 5, 32, 32)

    return Module


def test_warp_shuffles():
    a = uniform(4, 32)
    found = run(rotate(), [a], (4, 4, 32))
    lane = np.arange(32)
    np.testing.assert_array_equal(found[0], np.repeat(a[:, 3:4], 32, 1))
    np.testing.assert_array_equal(found[1], a[:, np.maximum(lane - 1, 0)])
    np.testing.assert_array_equal(found[2], a[:, np.where(lane % 8 < 4, lane + 4, lane)])
    np.testing.assert_array_equal(found[3], a[:, lane ^ 5])


# What runs is what code generation receives


def test_barriers_are_those_that_code_generation_gets():
    text = lower_for_gpu(programs.matmul_blocked(64)).script()
    assert text.count("tvm_storage_sync") == 2
    assert lower_for_gpu(programs.matmul_blocked(64), insert_barriers=False).script().count("tvm_storage_sync") == 0


def test_inputs_are_left_alone():
    a, b = uniform(1024), uniform(1024)
    before = a.copy()
    run(programs.vector_add(), [a, b], (1024,))
    np.testing.assert_array_equal(a, before)
