"""Mistakes of memory, limits and arguments that the simulator finds, with the mistake and without it."""

import numpy as np
import pytest
import tvm
from gpu_cases import CASES, turned
from simulated import run, uniform
from tvm.script import ir as I
from tvm.script import tirx as T

from mlc_ref.gpu_sim import (
    Misaligned,
    Options,
    OutOfBounds,
    UninitializedRead,
    simulate,
)

# Out of bounds


def double(n, guarded):
    @I.ir_module
    class Module:
        @T.prim_func(s_tir=True)
        def main(A: T.Buffer((n,), "float32"), B: T.Buffer((n,), "float32")):
            for b in T.thread_binding((n + 63) // 64, "blockIdx.x"):
                for t in T.thread_binding(64, "threadIdx.x"):
                    with T.sblock("B"):
                        if guarded:
                            T.where(b * 64 + t < n)
                        vi = T.axis.spatial(n, b * 64 + t)
                        B[vi] = A[vi] * T.float32(2)

    return Module


def test_out_of_bounds_names_everything():
    with pytest.raises(OutOfBounds) as caught:
        run(double(100, guarded=False), [uniform(100)], (100,))
    message = str(caught.value)
    for part in (
        "main_kernel",
        "block (1, 0, 0)",
        "thread (36, 0, 0)",
        "buffer A",
        "index 100,",
        "0 to 99",
        "B[cse_v1] = A[cse_v1]",
    ):
        assert part in message


def test_in_bounds_with_a_guard():
    a = uniform(100)
    np.testing.assert_array_equal(run(double(100, guarded=True), [a], (100,)), a * 2)


def gather(negative):
    @I.ir_module
    class Module:
        @T.prim_func(s_tir=True)
        def main(A: T.Buffer((64,), "float32"), index: T.Buffer((64,), "int32"), B: T.Buffer((64,), "float32")):
            for t in T.thread_binding(64, "threadIdx.x"):
                with T.sblock("B"):
                    vi = T.axis.spatial(64, t)
                    B[vi] = A[T.if_then_else(index[vi] >= 0 or negative, index[vi], 0)]

    return Module


def test_an_index_from_memory_is_checked_too():
    a, index = uniform(64), np.arange(63, -1, -1, dtype="int32")
    np.testing.assert_array_equal(run(gather(True), [a, index], (64,)), a[::-1])
    index[5] = -2
    with pytest.raises(OutOfBounds, match=r"thread \(5, 0, 0\), buffer A, index -2"):
        run(gather(True), [a, index], (64,))
    run(gather(False), [a, index], (64,))


# Alignment


def shifted_copy(load, store):
    @I.ir_module
    class Module:
        @T.prim_func(s_tir=True)
        def main(A: T.Buffer((260,), "float32"), B: T.Buffer((260,), "float32")):
            for t in T.thread_binding(64, "threadIdx.x"):
                for v in T.vectorized(4):
                    with T.sblock("B"):
                        vi = T.axis.spatial(256, t * 4 + v)
                        B[vi + store] = A[vi + load]

    return Module


def test_a_vector_must_be_stored_aligned():
    """The generated text stores elements side by side at once, wherever they start; it loads them so only where it may."""
    a = uniform(260)
    np.testing.assert_array_equal(run(shifted_copy(1, 4), [a], (260,))[4:], a[1:257])
    with pytest.raises(Misaligned, match=r"multiple of 4.*buffer B, index 1,"):
        run(shifted_copy(4, 1), [a], (260,))


# Uninitialized memory


def accumulate(initialize):
    @I.ir_module
    class Module:
        @T.prim_func(s_tir=True)
        def main(A: T.Buffer((64, 8), "float32"), B: T.Buffer((64,), "float32")):
            for t in T.thread_binding(64, "threadIdx.x"):
                with T.sblock("B"):
                    vi = T.axis.spatial(64, t)
                    total = T.sblock_alloc_buffer((1,), scope="local")
                    if initialize:
                        total[0] = T.float32(0)
                    for k in range(8):
                        total[0] = total[0] + A[vi, k]
                    B[vi] = total[0]

    return Module


def test_a_sum_that_starts_from_nothing():
    a = uniform(64, 8)
    np.testing.assert_allclose(run(accumulate(True), [a], (64,)), a.sum(1), rtol=1e-5)
    with pytest.raises(UninitializedRead, match=r"register.*buffer total, index 0"):
        run(accumulate(False), [a], (64,))


def test_uninitialized_reads_may_be_allowed():
    run(accumulate(False), [uniform(64, 8)], (64,), options=Options(uninitialized=False))


def add_to_output(clear):
    @I.ir_module
    class Module:
        @T.prim_func(s_tir=True)
        def main(A: T.Buffer((64,), "float32"), B: T.Buffer((64,), "float32")):
            for t in T.thread_binding(64, "threadIdx.x"):
                with T.sblock("B"):
                    vi = T.axis.spatial(64, t)
                    if clear:
                        B[vi] = T.float32(0)
                    B[vi] = B[vi] + A[vi]

    return Module


def test_an_output_holds_nothing_at_first():
    a = uniform(64)
    np.testing.assert_array_equal(run(add_to_output(True), [a], (64,)), a)
    with pytest.raises(UninitializedRead, match="buffer B, index 0"):
        run(add_to_output(False), [a], (64,))


def shared_window(filled):
    @I.ir_module
    class Module:
        @T.prim_func(s_tir=True)
        def main(A: T.Buffer((64,), "float32"), B: T.Buffer((64,), "float32")):
            for t in T.thread_binding(64, "threadIdx.x"):
                with T.sblock("B"):
                    vi = T.axis.spatial(64, t)
                    window = T.sblock_alloc_buffer((64,), scope="shared")
                    if vi < filled:
                        window[vi] = A[vi]
                    B[vi] = window[63 - vi]

    return Module


def test_shared_memory_that_is_filled_in_part():
    a = uniform(64)
    np.testing.assert_array_equal(run(shared_window(64), [a], (64,)), a[::-1])
    with pytest.raises(UninitializedRead, match=r"thread \(0, 0, 0\), buffer window, index 63"):
        run(shared_window(60), [a], (64,))


def test_an_element_of_which_half_the_bytes_were_written():
    case = CASES["shared_memory_of_several_types"]
    with pytest.raises(UninitializedRead, match=r"thread \(32, 0, 0\), buffer x, index 32,"):
        simulate(tvm.IRModule({"main": turned(fill=False)}), case.inputs, case.outputs)


def shuffle(distance, lanes):
    @I.ir_module
    class Module:
        @T.prim_func(s_tir=True)
        def main(A: T.Buffer((32,), "float32"), B: T.Buffer((32,), "float32")):
            for t in T.thread_binding(32, "threadIdx.x"):
                with T.sblock("B"):
                    vi = T.axis.spatial(32, t)
                    x = T.sblock_alloc_buffer((1,), scope="local")
                    x[0] = A[vi]
                    if vi < lanes:
                        B[vi] = T.tvm_warp_shuffle_down(T.tvm_warp_activemask(), x[0], distance, 32, 32)
                    else:
                        B[vi] = T.float32(0)

    return Module


def test_a_shuffle_from_a_lane_that_takes_no_part():
    a = uniform(32)
    np.testing.assert_array_equal(run(shuffle(4, 32), [a], (32,)), np.r_[a[4:], a[-4:]])
    with pytest.raises(UninitializedRead, match=r"does not take part.*thread \(12, 0, 0\)"):
        run(shuffle(4, 16), [a], (32,))


# Limits and the unknown
