"""The programs the schedules chapter transforms: no schedule in them, every loop serial.

A function of sizes returns the module, so that schedules meet shapes they do not divide. The entry
function is ``main``; buffers are row-major.
"""

from tvm import IRModule
from tvm.script import ir as I
from tvm.script import tirx as T


def scale_add(length: int) -> IRModule:
    """``Y[i] = 2 X[i] + 1`` for ``length`` float32 elements."""

    @I.ir_module
    class ScaleAdd:
        @T.prim_func(s_tir=True)
        def main(X: T.Buffer((length,), "float32"), Y: T.Buffer((length,), "float32")):
            T.func_attr({"tirx.noalias": True})
            for i in T.serial(length):
                with T.sblock("Y"):
                    vi = T.axis.spatial(length, i)
                    Y[vi] = X[vi] * T.float32(2) + T.float32(1)

    return ScaleAdd


def matmul(m: int, n: int, depth: int) -> IRModule:
    """``C = A @ B`` with ``A (m, depth)``, ``B (depth, n)``, ``C (m, n)`` in float32."""

    @I.ir_module
    class Matmul:
        @T.prim_func(s_tir=True)
        def main(
            A: T.Buffer((m, depth), "float32"), B: T.Buffer((depth, n), "float32"), C: T.Buffer((m, n), "float32")
        ):
            T.func_attr({"tirx.noalias": True})
            for i, j, k in T.grid(m, n, depth):
                with T.sblock("C"):
                    vi, vj, vk = T.axis.remap("SSR", [i, j, k])
                    with T.init():
                        C[vi, vj] = T.float32(0)
                    C[vi, vj] += A[vi, vk] * B[vk, vj]

    return Matmul


def matmul_relu(m: int, n: int, depth: int) -> IRModule:
    """``C = max(A @ B, 0)`` in two passes, the product in the intermediate buffer ``Y``."""

    @I.ir_module
    class MatmulRelu:
        @T.prim_func(s_tir=True)
        def main(
            A: T.Buffer((m, depth), "float32"), B: T.Buffer((depth, n), "float32"), C: T.Buffer((m, n), "float32")
        ):
            T.func_attr({"tirx.noalias": True})
            Y = T.sblock_alloc_buffer((m, n), "float32")
            for i, j, k in T.grid(m, n, depth):
                with T.sblock("Y"):
                    vi, vj, vk = T.axis.remap("SSR", [i, j, k])
                    with T.init():
                        Y[vi, vj] = T.float32(0)
                    Y[vi, vj] += A[vi, vk] * B[vk, vj]
            for i, j in T.grid(m, n):
                with T.sblock("C"):
                    vi, vj = T.axis.remap("SS", [i, j])
                    C[vi, vj] = T.max(Y[vi, vj], T.float32(0))

    return MatmulRelu


def batch_matmul_relu(batch: int, m: int, n: int, depth: int) -> IRModule:
    """``matmul_relu`` for each of ``batch`` pairs of matrices."""

    @I.ir_module
    class BatchMatmulRelu:
        @T.prim_func(s_tir=True)
        def main(
            A: T.Buffer((batch, m, depth), "float32"),
            B: T.Buffer((batch, depth, n), "float32"),
            C: T.Buffer((batch, m, n), "float32"),
        ):
            T.func_attr({"tirx.noalias": True})
            Y = T.sblock_alloc_buffer((batch, m, n), "float32")
            for b, i, j, k in T.grid(batch, m, n, depth):
                with T.sblock("Y"):
                    vb, vi, vj, vk = T.axis.remap("SSSR", [b, i, j, k])
                    with T.init():
                        Y[vb, vi, vj] = T.float32(0)
                    Y[vb, vi, vj] += A[vb, vi, vk] * B[vb, vk, vj]
            for b, i, j in T.grid(batch, m, n):
                with T.sblock("C"):
                    vb, vi, vj = T.axis.remap("SSS", [b, i, j])
                    C[vb, vi, vj] = T.max(Y[vb, vi, vj], T.float32(0))

    return BatchMatmulRelu


def chain(m: int, n: int) -> IRModule:
    """``C = exp(A + 1) * 2`` in three passes with two intermediate buffers, all ``(m, n)`` float32."""

    @I.ir_module
    class Chain:
        @T.prim_func(s_tir=True)
        def main(A: T.Buffer((m, n), "float32"), C: T.Buffer((m, n), "float32")):
            T.func_attr({"tirx.noalias": True})
            P = T.sblock_alloc_buffer((m, n), "float32")
            E = T.sblock_alloc_buffer((m, n), "float32")
            for i, j in T.grid(m, n):
                with T.sblock("P"):
                    vi, vj = T.axis.remap("SS", [i, j])
                    P[vi, vj] = A[vi, vj] + T.float32(1)
            for i, j in T.grid(m, n):
                with T.sblock("E"):
                    vi, vj = T.axis.remap("SS", [i, j])
                    E[vi, vj] = T.exp(P[vi, vj])
            for i, j in T.grid(m, n):
                with T.sblock("C"):
                    vi, vj = T.axis.remap("SS", [i, j])
                    C[vi, vj] = E[vi, vj] * T.float32(2)

    return Chain


def total(length: int) -> IRModule:
    """``S[0]`` is the sum of the ``length`` float32 elements of ``X``."""

    @I.ir_module
    class Total:
        @T.prim_func(s_tir=True)
        def main(X: T.Buffer((length,), "float32"), S: T.Buffer((1,), "float32")):
            T.func_attr({"tirx.noalias": True})
            for k in T.serial(length):
                with T.sblock("S"):
                    vk = T.axis.reduce(length, k)
                    with T.init():
                        S[0] = T.float32(0)
                    S[0] += X[vk]

    return Total


def row_sum(m: int, n: int) -> IRModule:
    """``S[i]`` is the sum of row ``i`` of ``X (m, n)``, float32."""

    @I.ir_module
    class RowSum:
        @T.prim_func(s_tir=True)
        def main(X: T.Buffer((m, n), "float32"), S: T.Buffer((m,), "float32")):
            T.func_attr({"tirx.noalias": True})
            for i, k in T.grid(m, n):
                with T.sblock("S"):
                    vi, vk = T.axis.remap("SR", [i, k])
                    with T.init():
                        S[vi] = T.float32(0)
                    S[vi] += X[vi, vk]

    return RowSum


def transpose(m: int, n: int) -> IRModule:
    """``Y[j, i] = X[i, j]`` for ``X (m, n)``, float32."""

    @I.ir_module
    class Transpose:
        @T.prim_func(s_tir=True)
        def main(X: T.Buffer((m, n), "float32"), Y: T.Buffer((n, m), "float32")):
            T.func_attr({"tirx.noalias": True})
            for i, j in T.grid(m, n):
                with T.sblock("Y"):
                    vi, vj = T.axis.remap("SS", [i, j])
                    Y[vj, vi] = X[vi, vj]

    return Transpose
