"""The programs of the GPU chapter in TVMScript; every one is a function of its shapes.

All are destination-passing: inputs first, the output last, float32 unless it says otherwise. None mentions a thread: what
runs where is decided by ``mlc_ref.gpu.schedules``. Kernels written with threads and barriers by
hand are in ``mlc_ref.gpu.synchronization.programs``.
"""

import tvm
from tvm.script import ir as I
from tvm.script import tirx as T


def vector_add(n: int) -> tvm.IRModule:
    """``C[i] = A[i] + B[i]``; ``A``, ``B``, ``C``: ``(n,)``."""

    @I.ir_module
    class VectorAdd:
        @T.prim_func(s_tir=True)
        def main(A: T.Buffer((n,), "float32"), B: T.Buffer((n,), "float32"), C: T.Buffer((n,), "float32")):
            T.func_attr({"tirx.noalias": True})
            for i in range(n):
                with T.sblock("add"):
                    vi = T.axis.spatial(n, i)
                    C[vi] = A[vi] + B[vi]

    return VectorAdd


def strided_copy(n: int, stride: int = 1, offset: int = 0) -> tvm.IRModule:
    """``B[i] = A[i * stride + offset]``; ``A``: ``(n * stride + offset,)``, ``B``: ``(n,)``."""
    length = n * stride + offset

    @I.ir_module
    class StridedCopy:
        @T.prim_func(s_tir=True)
        def main(A: T.Buffer((length,), "float32"), B: T.Buffer((n,), "float32")):
            T.func_attr({"tirx.noalias": True})
            for i in range(n):
                with T.sblock("copy"):
                    vi = T.axis.spatial(n, i)
                    B[vi] = A[vi * stride + offset]

    return StridedCopy


def window_sum(n: int, window: int = 3) -> tvm.IRModule:
    """``B[i] = A[i] + … + A[i + window - 1]``; ``A``: ``(n + window - 1,)``, ``B``: ``(n,)``."""
    length = n + window - 1

    @I.ir_module
    class WindowSum:
        @T.prim_func(s_tir=True)
        def main(A: T.Buffer((length,), "float32"), B: T.Buffer((n,), "float32")):
            T.func_attr({"tirx.noalias": True})
            for i, w in T.grid(n, window):
                with T.sblock("window"):
                    vi, vw = T.axis.remap("SR", [i, w])
                    with T.init():
                        B[vi] = T.float32(0)
                    B[vi] = B[vi] + A[vi + vw]

    return WindowSum


def transpose(n: int, m: int) -> tvm.IRModule:
    """``B[j, i] = A[i, j]``; ``A``: ``(n, m)``, ``B``: ``(m, n)``. The loops run over ``B``."""

    @I.ir_module
    class Transpose:
        @T.prim_func(s_tir=True)
        def main(A: T.Buffer((n, m), "float32"), B: T.Buffer((m, n), "float32")):
            T.func_attr({"tirx.noalias": True})
            for j, i in T.grid(m, n):
                with T.sblock("transpose"):
                    vj, vi = T.axis.remap("SS", [j, i])
                    B[vj, vi] = A[vi, vj]

    return Transpose


def row_sum(n: int, m: int) -> tvm.IRModule:
    """``B[i] = A[i, 0] + … + A[i, m - 1]``; ``A``: ``(n, m)``, ``B``: ``(n,)``."""

    @I.ir_module
    class RowSum:
        @T.prim_func(s_tir=True)
        def main(A: T.Buffer((n, m), "float32"), B: T.Buffer((n,), "float32")):
            T.func_attr({"tirx.noalias": True})
            for i, j in T.grid(n, m):
                with T.sblock("sum"):
                    vi, vj = T.axis.remap("SR", [i, j])
                    with T.init():
                        B[vi] = T.float32(0)
                    B[vi] = B[vi] + A[vi, vj]

    return RowSum


def total(n: int) -> tvm.IRModule:
    """``B[0] = A[0] + … + A[n - 1]``; ``A``: ``(n,)``, ``B``: ``(1,)``."""

    @I.ir_module
    class Total:
        @T.prim_func(s_tir=True)
        def main(A: T.Buffer((n,), "float32"), B: T.Buffer((1,), "float32")):
            T.func_attr({"tirx.noalias": True})
            for o, i in T.grid(1, n):
                with T.sblock("sum"):
                    vo, vi = T.axis.remap("SR", [o, i])
                    with T.init():
                        B[vo] = T.float32(0)
                    B[vo] = B[vo] + A[vi]

    return Total


def gather(count: int, rows: int, m: int) -> tvm.IRModule:
    """``out[i, j] = table[ids[i], j]``; ``ids``: ``(count,)`` of int32, ``table``: ``(rows, m)``, ``out``: ``(count, m)``."""

    @I.ir_module
    class Gather:
        @T.prim_func(s_tir=True)
        def main(
            ids: T.Buffer((count,), "int32"),
            table: T.Buffer((rows, m), "float32"),
            out: T.Buffer((count, m), "float32"),
        ):
            T.func_attr({"tirx.noalias": True})
            for i, j in T.grid(count, m):
                with T.sblock("gather"):
                    vi, vj = T.axis.remap("SS", [i, j])
                    out[vi, vj] = table[ids[vi], vj]

    return Gather


def matmul(n: int, m: int, k: int) -> tvm.IRModule:
    """``C = A @ B``; ``A``: ``(n, k)``, ``B``: ``(k, m)``, ``C``: ``(n, m)``."""

    @I.ir_module
    class Matmul:
        @T.prim_func(s_tir=True)
        def main(A: T.Buffer((n, k), "float32"), B: T.Buffer((k, m), "float32"), C: T.Buffer((n, m), "float32")):
            T.func_attr({"tirx.noalias": True})
            for i, j, p in T.grid(n, m, k):
                with T.sblock("matmul"):
                    vi, vj, vp = T.axis.remap("SSR", [i, j, p])
                    with T.init():
                        C[vi, vj] = T.float32(0)
                    C[vi, vj] = C[vi, vj] + A[vi, vp] * B[vp, vj]

    return Matmul
