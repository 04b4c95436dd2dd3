"""TVMScript the exercises on tensorization start from."""

import tvm
from tvm.script import ir as I
from tvm.script import tirx as T

LANES, DEPTH = 16, 4


def scores(n: int, m: int, k: int, a: str = "float32", b: str = "float32", c: str = "float32") -> tvm.IRModule:
    """``C = A @ B.T`` in one block ``scores``; ``A`` ``(n, k)``, ``B`` ``(m, k)``, ``C`` ``(n, m)``."""

    @I.ir_module
    class Scores:
        @T.prim_func(s_tir=True)
        def main(A: T.Buffer((n, k), a), B: T.Buffer((m, k), b), C: T.Buffer((n, m), c)):
            T.func_attr({"tirx.noalias": True})
            for i, j, p in T.grid(n, m, k):
                with T.sblock("scores"):
                    vi, vj, vp = T.axis.remap("SSR", [i, j, p])
                    with T.init():
                        C[vi, vj] = T.cast(0, c)
                    C[vi, vj] = C[vi, vj] + T.cast(A[vi, vp], c) * T.cast(B[vj, vp], c)

    return Scores


def batch(count: int, n: int, m: int, k: int, library: str) -> tvm.IRModule:
    """``Y[b] = max(A[b] @ B[b], 0)``, float32, in two blocks ``bmm`` and ``relu``.

    The block ``relu`` brings the LLVM IR ``library`` with it, so that functions defined there can be called.
    """

    @I.ir_module
    class Batch:
        @T.prim_func(s_tir=True)
        def main(
            A: T.Buffer((count, n, k), "float32"),
            B: T.Buffer((count, k, m), "float32"),
            Y: T.Buffer((count, n, m), "float32"),
        ):
            T.func_attr({"tirx.noalias": True})
            C = T.sblock_alloc_buffer((count, n, m), "float32")
            for b, i, j, p in T.grid(count, n, m, k):
                with T.sblock("bmm"):
                    vb, vi, vj, vp = T.axis.remap("SSSR", [b, i, j, p])
                    with T.init():
                        C[vb, vi, vj] = T.float32(0)
                    C[vb, vi, vj] = C[vb, vi, vj] + A[vb, vi, vp] * B[vb, vp, vj]
            for b, i, j in T.grid(count, n, m):
                with T.sblock("relu"):
                    vb, vi, vj = T.axis.remap("SSS", [b, i, j])
                    T.sblock_attr({"pragma_import_llvm": library})
                    Y[vb, vi, vj] = T.max(C[vb, vi, vj], T.float32(0))

    return Batch


def half_batch(count: int, n: int, m: int, k: int) -> tvm.IRModule:
    """``C[b] = A[b] @ B[b]``, float16 operands and float32 sums, in one block ``bmm``."""

    @I.ir_module
    class HalfBatch:
        @T.prim_func(s_tir=True)
        def main(
            A: T.Buffer((count, n, k), "float16"),
            B: T.Buffer((count, k, m), "float16"),
            C: T.Buffer((count, n, m), "float32"),
        ):
            T.func_attr({"tirx.noalias": True})
            for b, i, j, p in T.grid(count, n, m, k):
                with T.sblock("bmm"):
                    vb, vi, vj, vp = T.axis.remap("SSSR", [b, i, j, p])
                    with T.init():
                        C[vb, vi, vj] = T.float32(0)
                    C[vb, vi, vj] = C[vb, vi, vj] + T.cast(A[vb, vi, vp], "float32") * T.cast(B[vb, vp, vj], "float32")

    return HalfBatch


@T.prim_func(s_tir=True)
def rank2_desc(
    A: T.Buffer((4, 2), "float32", offset_factor=1),
    B: T.Buffer((2, 8), "float32", offset_factor=1),
    C: T.Buffer((4, 8), "float32", offset_factor=1),
) -> None:
    """``C += A @ B``, 4 x 2 times 2 x 8."""
    with T.sblock("root"):
        T.reads(C[0:4, 0:8], A[0:4, 0:2], B[0:2, 0:8])
        T.writes(C[0:4, 0:8])
        for i, j, p in T.grid(4, 8, 2):
            with T.sblock("rank2"):
                vi, vj, vp = T.axis.remap("SSR", [i, j, p])
                C[vi, vj] = C[vi, vj] + A[vi, vp] * B[vp, vj]


@T.prim_func(s_tir=True)
def dot_portable(
    A: T.Buffer((DEPTH,), "uint8", offset_factor=1),
    B: T.Buffer((LANES, DEPTH), "int8", offset_factor=1),
    C: T.Buffer((LANES,), "int32", offset_factor=1),
) -> None:
    """The dot-product instruction in plain code, for any CPU."""
    with T.sblock("root"):
        T.reads(C[0:LANES], A[0:DEPTH], B[0:LANES, 0:DEPTH])
        T.writes(C[0:LANES])
        for j in T.vectorized(LANES):
            C[j] = (
                C[j]
                + T.cast(A[0], "int32") * T.cast(B[j, 0], "int32")
                + T.cast(A[1], "int32") * T.cast(B[j, 1], "int32")
                + T.cast(A[2], "int32") * T.cast(B[j, 2], "int32")
                + T.cast(A[3], "int32") * T.cast(B[j, 3], "int32")
            )
