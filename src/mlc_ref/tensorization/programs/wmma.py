"""Tensor Core instructions of a warp on 16x16x16 tiles: float16 operands, float32 sums.

*CUDA C++ Programming Guide*, section "Warp Matrix Functions": the 32 threads of a warp hold a tile
together, in a *fragment* whose layout the hardware chooses. A buffer in a ``wmma`` scope is an array
of fragments, and TVM addresses them by number, row of tiles after row of tiles (``fragment``). A tile in memory must start at a
multiple of 32 bytes with rows a multiple of 16 bytes apart, hence ``align`` and ``offset_factor``.
"""

import tvm
from tvm.script import tirx as T

TILE = 16
FRAGMENT_A, FRAGMENT_B, FRAGMENT_ACC = "wmma.matrix_a", "wmma.matrix_b", "wmma.accumulator"
_MEMORY = {"align": 64, "offset_factor": TILE}


def fragment(tile: tvm.tirx.Buffer, row_stride: tvm.ir.Expr) -> tvm.ir.Expr:
    """Number of the fragment that holds ``tile``, within its buffer of rows of ``row_stride`` elements."""
    row, column = tile.elem_offset // row_stride // TILE, tile.elem_offset % row_stride // TILE
    return row * (row_stride // TILE) + column


def fill_desc() -> tvm.tirx.PrimFunc:
    """Set an accumulator tile to zero."""

    @T.prim_func(s_tir=True)
    def desc(C_: T.handle):
        C = T.match_buffer(C_, (TILE, TILE), "float32", scope=FRAGMENT_ACC, **_MEMORY)
        with T.sblock("root"):
            T.reads()
            T.writes(C[0:TILE, 0:TILE])
            for i, j in T.grid(TILE, TILE):
                with T.sblock("fill"):
                    vi, vj = T.axis.remap("SS", [i, j])
                    C[vi, vj] = T.float32(0)

    return desc


def fill_impl() -> tvm.tirx.PrimFunc:
    """``wmma::fill_fragment``."""

    @T.prim_func(s_tir=True)
    def impl(C_: T.handle):
        s = T.int32()
        C = T.match_buffer(C_, (TILE, TILE), "float32", scope=FRAGMENT_ACC, strides=[s, 1], **_MEMORY)
        with T.sblock("root"):
            T.reads()
            T.writes(C[0:TILE, 0:TILE])
            T.evaluate(T.tvm_fill_fragment(C.data, TILE, TILE, TILE, fragment(C, s), T.float32(0), dtype="void"))

    return impl


def copy_desc(dtype: str, source: str, target: str) -> tvm.tirx.PrimFunc:
    """Copy a tile between the scopes ``source`` and ``target``; the description of loads and stores."""

    @T.prim_func(s_tir=True)
    def desc(S_: T.handle, D_: T.handle):
        S = T.match_buffer(S_, (TILE, TILE), dtype, scope=source, **_MEMORY)
        D = T.match_buffer(D_, (TILE, TILE), dtype, scope=target, **_MEMORY)
        with T.sblock("root"):
            T.reads(S[0:TILE, 0:TILE])
            T.writes(D[0:TILE, 0:TILE])
            for i, j in T.grid(TILE, TILE):
                with T.sblock("copy"):
                    vi, vj = T.axis.remap("SS", [i, j])
                    D[vi, vj] = S[vi, vj]

    return desc


def load_impl(target: str) -> tvm.tirx.PrimFunc:
    """``wmma::load_matrix_sync``: a float16 tile of shared memory, row after row, to a fragment."""

    @T.prim_func(s_tir=True)
    def impl(S_: T.handle, D_: T.handle):
        s, d = T.int32(), T.int32()
        S = T.match_buffer(S_, (TILE, TILE), "float16", scope="shared", strides=[s, 1], **_MEMORY)
        D = T.match_buffer(D_, (TILE, TILE), "float16", scope=target, strides=[d, 1], **_MEMORY)
        with T.sblock("root"):
            T.reads(S[0:TILE, 0:TILE])
            T.writes(D[0:TILE, 0:TILE])
            T.evaluate(
                T.tvm_load_matrix_sync(
                    D.data, TILE, TILE, TILE, fragment(D, d), S.access_ptr("r"), s, "row_major", dtype="void"
                )
            )

    return impl


def store_impl(target: str) -> tvm.tirx.PrimFunc:
    """``wmma::store_matrix_sync``: an accumulator to a float32 tile in the scope ``target``."""

    @T.prim_func(s_tir=True)
    def impl(S_: T.handle, D_: T.handle):
        s, d = T.int32(), T.int32()
        S = T.match_buffer(S_, (TILE, TILE), "float32", scope=FRAGMENT_ACC, strides=[s, 1], **_MEMORY)
        D = T.match_buffer(D_, (TILE, TILE), "float32", scope=target, strides=[d, 1], **_MEMORY)
        with T.sblock("root"):
            T.reads(S[0:TILE, 0:TILE])
            T.writes(D[0:TILE, 0:TILE])
            T.evaluate(
                T.tvm_store_matrix_sync(
                    S.data, TILE, TILE, TILE, fragment(S, s), D.access_ptr("w"), d, "row_major", dtype="void"
                )
            )

    return impl


def mma_desc() -> tvm.tirx.PrimFunc:
    """``C += A @ B`` on fragments."""

    @T.prim_func(s_tir=True)
    def desc(A_: T.handle, B_: T.handle, C_: T.handle):
        A = T.match_buffer(A_, (TILE, TILE), "float16", scope=FRAGMENT_A, **_MEMORY)
        B = T.match_buffer(B_, (TILE, TILE), "float16", scope=FRAGMENT_B, **_MEMORY)
        C = T.match_buffer(C_, (TILE, TILE), "float32", scope=FRAGMENT_ACC, **_MEMORY)
        with T.sblock("root"):
            T.reads(C[0:TILE, 0:TILE], A[0:TILE, 0:TILE], B[0:TILE, 0:TILE])
            T.writes(C[0:TILE, 0:TILE])
            for i, j, p in T.grid(TILE, TILE, TILE):
                with T.sblock("mma"):
                    vi, vj, vp = T.axis.remap("SSR", [i, j, p])
                    C[vi, vj] = C[vi, vj] + T.cast(A[vi, vp], "float32") * T.cast(B[vp, vj], "float32")

    return desc


def mma_impl() -> tvm.tirx.PrimFunc:
    """``wmma::mma_sync``."""

    @T.prim_func(s_tir=True)
    def impl(A_: T.handle, B_: T.handle, C_: T.handle):
        a, b, c = T.int32(), T.int32(), T.int32()
        A = T.match_buffer(A_, (TILE, TILE), "float16", scope=FRAGMENT_A, strides=[a, 1], **_MEMORY)
        B = T.match_buffer(B_, (TILE, TILE), "float16", scope=FRAGMENT_B, strides=[b, 1], **_MEMORY)
        C = T.match_buffer(C_, (TILE, TILE), "float32", scope=FRAGMENT_ACC, strides=[c, 1], **_MEMORY)
        with T.sblock("root"):
            T.reads(C[0:TILE, 0:TILE], A[0:TILE, 0:TILE], B[0:TILE, 0:TILE])
            T.writes(C[0:TILE, 0:TILE])
            T.evaluate(
                T.tvm_mma_sync(
                    C.data,
                    fragment(C, c),
                    A.data,
                    fragment(A, a),
                    B.data,
                    fragment(B, b),
                    C.data,
                    fragment(C, c),
                    dtype="void",
                )
            )

    return impl
