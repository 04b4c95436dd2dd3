"""Extents that are known when a kernel starts: from shapes, from numbers, and from what the kernel itself binds."""

import numpy as np
import pytest
from simulated import uniform
from tvm.s_tir import dlight
from tvm.script import ir as I
from tvm.script import tirx as T

from mlc_ref.gpu_sim import Options, StepLimit, simulate
from mlc_ref.targets import cuda_target


def scaled_shape():
    """The first shape is a product of a number that comes later."""

    @I.ir_module
    class Module:
        @T.prim_func(s_tir=True)
        def main(a: T.handle, n: T.int64, b: T.handle):
            A = T.match_buffer(a, (n * T.int64(3),), "float32")
            B = T.match_buffer(b, (n,), "float32")
            for i in T.thread_binding(n, "threadIdx.x"):
                with T.sblock("B"):
                    vi = T.axis.spatial(n, i)
                    B[vi] = A[vi * T.int64(3)]

    return Module


def shape_of_later_shape():
    """The first shape is a product of the second one's."""

    @I.ir_module
    class Module:
        @T.prim_func(s_tir=True)
        def main(a: T.handle, b: T.handle):
            n = T.int64()
            A = T.match_buffer(a, (n * T.int64(3),), "float32")
            B = T.match_buffer(b, (n,), "float32")
            for i in T.thread_binding(n, "threadIdx.x"):
                with T.sblock("B"):
                    vi = T.axis.spatial(n, i)
                    B[vi] = A[vi * T.int64(3)]

    return Module


def test_a_shape_may_be_a_product_of_what_comes_later():
    a = uniform(15)
    expected = a[::3]
    np.testing.assert_array_equal(simulate(scaled_shape(), [a, 5], [((5,), "float32")]).outputs[0], expected)
    np.testing.assert_array_equal(simulate(shape_of_later_shape(), [a], [((5,), "float32")]).outputs[0], expected)


@pytest.mark.parametrize(("n", "size"), [(4, 4), (6, 6)])
def test_a_shape_that_is_not_that_product_is_refused(n, size):
    with pytest.raises(ValueError, match="argument A: got shape"):
        simulate(scaled_shape(), [uniform(15), n], [((size,), "float32")])


def symbolic_squeeze():
    """DLight's transpose rule copies through a shared tile that has as many elements as the shapes say, with padding."""

    @I.ir_module
    class Module:
        @T.prim_func(s_tir=True)
        def main(x: T.handle, y: T.handle):
            m, n = T.int64(), T.int64()
            X = T.match_buffer(x, (m, T.int64(1), n, T.int64(1)), "float32")
            Y = T.match_buffer(y, (m, n, T.int64(1)), "float32")
            for i, j, k in T.grid(m, n, T.int64(1)):
                with T.sblock("Y"):
                    vi, vj, vk = T.axis.remap("SSS", [i, j, k])
                    Y[vi, vj, vk] = X[vi, T.int64(0), vj, vk]

    with cuda_target():
        return dlight.ApplyDefaultSchedule(dlight.gpu.Transpose())(Module)


@pytest.mark.parametrize(("m", "n"), [(1, 1), (5, 40), (17, 16)])
def test_shared_memory_may_have_a_size_that_the_kernel_computes(m, n):
    x = uniform(m, 1, n, 1)
    result = simulate(symbolic_squeeze(), [x], [((m, n, 1), "float32")])
    np.testing.assert_array_equal(result.outputs[0], x[:, 0])
    width, height = min(n, 16), min(m, 8)
    assert result.counters.shared_bytes_per_block == 4 * height * (width + (1 - width) % 32)


def test_such_a_size_is_limited_too():
    with pytest.raises(StepLimit, match=r"kernel main_kernel: a block needs .* at most 100 are allowed"):
        simulate(
            symbolic_squeeze(), [uniform(5, 1, 40, 1)], [((5, 40, 1), "float32")], options=Options(memory_limit=100)
        )


def shrinking():
    """A loop on the host whose kernels have fewer threads each time."""

    @I.ir_module
    class Module:
        @T.prim_func(s_tir=True)
        def main(A: T.Buffer((4, 8), "float32"), B: T.Buffer((4, 8), "float32")):
            for k in range(4):
                for i in T.thread_binding(8 - k, "threadIdx.x"):
                    with T.sblock("B"):
                        B[k, i] = A[k, i]

    return Module


def test_each_start_of_a_kernel_has_the_extents_of_its_turn():
    a = uniform(4, 8)
    result = simulate(shrinking(), [a], [((4, 8), "float32")])
    assert [kernel.block[0] for kernel in result.kernels] == [8, 7, 6, 5]
    np.testing.assert_array_equal(result.outputs[0], np.where(np.arange(8) < 8 - np.arange(4)[:, None], a, 0))
