"""Types and functions in the simulator, against NumPy and Python."""

import math

import numpy as np
import pytest
from simulated import run, uniform
from tvm.script import ir as I
from tvm.script import tirx as T

from mlc_ref.gpu_sim import simulate


def typed(dtype):
    @I.ir_module
    class Module:
        @T.prim_func(s_tir=True)
        def main(A: T.Buffer((64,), dtype), B: T.Buffer((64,), dtype), C: T.Buffer((64,), dtype)):
            for t in T.thread_binding(64, "threadIdx.x"):
                with T.sblock("C"):
                    vi = T.axis.spatial(64, t)
                    C[vi] = T.max(A[vi] * B[vi] - A[vi], B[vi])

    return Module


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64", "int8", "int32", "uint8", "int64"])
def test_types_behave_as_numpys(dtype):
    """Integers wrap around; float16 rounds after each operation."""
    rng = np.random.default_rng(2)
    a, b = (rng.integers(0, 100, 64).astype(dtype) for _ in range(2))
    result = simulate(typed(dtype), [a, b], [((64,), dtype)])
    np.testing.assert_array_equal(result.outputs[0], np.maximum(a * b - a, b))
    assert result.counters.flops == (2 * 64 if dtype.startswith("float") else 0)


def divisions():
    @I.ir_module
    class Module:
        @T.prim_func(s_tir=True)
        def main(A: T.Buffer((64,), "int32"), B: T.Buffer((4, 64), "int32")):
            for t in T.thread_binding(64, "threadIdx.x"):
                with T.sblock("B"):
                    vi = T.axis.spatial(64, t)
                    B[0, vi] = T.truncdiv(A[vi], 7)
                    B[1, vi] = T.truncmod(A[vi], 7)
                    B[2, vi] = T.floordiv(A[vi], -7)
                    B[3, vi] = T.floormod(A[vi], 7)

    return Module


def test_integer_divisions_round_as_written():
    a = np.arange(-32, 32, dtype="int32")
    expected = [[math.trunc(x / 7), math.fmod(x, 7), x // -7, x % 7] for x in a.tolist()]
    np.testing.assert_array_equal(run(divisions(), [a], (4, 64), "int32"), np.array(expected, "int32").T)


def functions():
    @I.ir_module
    class Module:
        @T.prim_func(s_tir=True)
        def main(A: T.Buffer((64,), "float32"), B: T.Buffer((11, 64), "float32")):
            for t in T.thread_binding(64, "threadIdx.x"):
                with T.sblock("B"):
                    vi = T.axis.spatial(64, t)
                    B[0, vi] = T.exp(A[vi])
                    B[1, vi] = T.sqrt(A[vi])
                    B[2, vi] = T.tanh(A[vi])
                    B[3, vi] = T.sigmoid(A[vi])
                    B[4, vi] = T.erf(A[vi])
                    B[5, vi] = T.pow(A[vi], T.float32(3))
                    B[6, vi] = T.log(A[vi])
                    B[7, vi] = T.rsqrt(A[vi])
                    B[8, vi] = T.asinh(A[vi])
                    B[9, vi] = T.acosh(A[vi] + T.float32(1))
                    B[10, vi] = T.atanh(A[vi] * T.float32(0.5))

    return Module


def test_functions():
    a = uniform(64) + np.float32(0.1)
    x = a.astype("float64")
    erf = [math.erf(v) for v in x]
    expected = [np.exp(x), np.sqrt(x), np.tanh(x), 1 / (1 + np.exp(-x)), erf, x**3, np.log(x), x**-0.5]
    expected += [np.arcsinh(x), np.arccosh(x + 1), np.arctanh(x * 0.5)]
    np.testing.assert_allclose(run(functions(), [a], (11, 64)), expected, rtol=1e-5, atol=1e-7)
