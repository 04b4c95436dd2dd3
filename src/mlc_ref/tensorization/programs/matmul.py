"""Matrix multiplications of the tensorization chapter, as functions of their shapes."""

import tvm
from tvm.script import ir as I
from tvm.script import tirx as T

from mlc_ref.kinds import invalid


def matmul(n: int, m: int, k: int, a: str = "float32", b: str = "float32", c: str = "float32") -> tvm.IRModule:
    """``C = A @ B``, summed in the dtype of ``C``.

    ``A``: ``(n, k)`` of dtype ``a``, ``B``: ``(k, m)`` of dtype ``b``, ``C``: ``(n, m)`` of dtype ``c``. The chapter
    uses float32 throughout, uint8 times int8 in int32, and float16 in float32.
    """

    @I.ir_module
    class Matmul:
        @T.prim_func(s_tir=True)
        def main(A: T.Buffer((n, k), a), B: T.Buffer((k, m), b), C: T.Buffer((n, m), c)):
            T.func_attr({"tirx.noalias": True})
            for i, j, p in T.grid(n, m, k):
                with T.sblock("matmul"):
                    vi, vj, vp = T.axis.remap("SSR", [i, j, p])
                    with T.init():
                        C[vi, vj] = T.cast(0, c)
                    C[vi, vj] = C[vi, vj] + T.cast(A[vi, vp], c) * T.cast(B[vp, vj], c)

    return Matmul


def tiled_matmul(n: int, m: int, k: int, tile: int = 4) -> tvm.IRModule:
    """``C = A @ B`` whose outer block is itself a ``tile**3`` matrix multiplication; float32.

    ``A``: ``(n, k)``, ``B``: ``(k, m)``, ``C``: ``(n, m)``; ``tile`` divides every size.

    Raises:
        ValueError: ``tile`` does not divide a size.
    """
    if n % tile or m % tile or k % tile:
        raise invalid(
            f"tiled_matmul: got sizes {n}, {m}, {k}, allowed multiples of tile={tile}",
            f"tiled_matmul：得到大小 {n}、{m}、{k}，允许的是 tile={tile} 的倍数",
        )

    @I.ir_module
    class TiledMatmul:
        @T.prim_func(s_tir=True)
        def main(A: T.Buffer((n, k), "float32"), B: T.Buffer((k, m), "float32"), C: T.Buffer((n, m), "float32")):
            T.func_attr({"tirx.noalias": True})
            for io, jo, po in T.grid(n // tile, m // tile, k // tile):
                with T.sblock("tile"):
                    vio, vjo, vpo = T.axis.remap("SSR", [io, jo, po])
                    T.reads(
                        A[vio * tile : vio * tile + tile, vpo * tile : vpo * tile + tile],
                        B[vpo * tile : vpo * tile + tile, vjo * tile : vjo * tile + tile],
                    )
                    T.writes(C[vio * tile : vio * tile + tile, vjo * tile : vjo * tile + tile])
                    with T.init():
                        for i, j in T.grid(tile, tile):
                            with T.sblock("clear"):
                                vi, vj = T.axis.remap("SS", [i, j])
                                C[vio * tile + vi, vjo * tile + vj] = T.float32(0)
                    for i, j, p in T.grid(tile, tile, tile):
                        with T.sblock("mac"):
                            vi, vj, vp = T.axis.remap("SSR", [i, j, p])
                            C[vio * tile + vi, vjo * tile + vj] = (
                                C[vio * tile + vi, vjo * tile + vj]
                                + A[vio * tile + vi, vpo * tile + vp] * B[vpo * tile + vp, vjo * tile + vj]
                            )

    return TiledMatmul
