"""Instructions of the toy accelerator: for each, what it computes and how it is called.

A description is a scalar program: ``tensorize`` compares it with a block, term by term. An
implementation has the same signature and calls a function of the accelerator's library
(``mlc_ref.tensorization.microkernel``). Tiles are ``TILE x TILE`` float32. The scopes name the
accelerator's memories; ``"global"`` stands for the main memory.
"""

import tvm
from tvm.script import tirx as T

TILE = 4
SCOPE_A, SCOPE_B, SCOPE_ACC = "global.toy_a", "global.toy_b", "global.toy_acc"


def mac_desc(a: str, b: str, c: str) -> tvm.tirx.PrimFunc:
    """``C += A @ B`` on tiles that lie in the scopes ``a``, ``b`` and ``c``."""

    @T.prim_func(s_tir=True)
    def desc(A_: T.handle, B_: T.handle, C_: T.handle):
        A = T.match_buffer(A_, (TILE, TILE), "float32", offset_factor=1, scope=a)
        B = T.match_buffer(B_, (TILE, TILE), "float32", offset_factor=1, scope=b)
        C = T.match_buffer(C_, (TILE, TILE), "float32", offset_factor=1, scope=c)
        with T.sblock("root"):
            T.reads(C[0:TILE, 0:TILE], A[0:TILE, 0:TILE], B[0:TILE, 0:TILE])
            T.writes(C[0:TILE, 0:TILE])
            for i, j, p in T.grid(TILE, TILE, TILE):
                with T.sblock("mac"):
                    vi, vj, vp = T.axis.remap("SSR", [i, j, p])
                    C[vi, vj] = C[vi, vj] + A[vi, vp] * B[vp, vj]

    return desc


def mac_impl(a: str, b: str, c: str) -> tvm.tirx.PrimFunc:
    """``toy_mac(C, A, B, row strides of C, A, B)``."""

    @T.prim_func(s_tir=True)
    def impl(A_: T.handle, B_: T.handle, C_: T.handle):
        sa, sb, sc = T.int32(), T.int32(), T.int32()
        A = T.match_buffer(A_, (TILE, TILE), "float32", offset_factor=1, strides=[sa, 1], scope=a)
        B = T.match_buffer(B_, (TILE, TILE), "float32", offset_factor=1, strides=[sb, 1], scope=b)
        C = T.match_buffer(C_, (TILE, TILE), "float32", offset_factor=1, strides=[sc, 1], scope=c)
        with T.sblock("root"):
            T.reads(C[0:TILE, 0:TILE], A[0:TILE, 0:TILE], B[0:TILE, 0:TILE])
            T.writes(C[0:TILE, 0:TILE])
            T.evaluate(
                T.call_extern("int32", "toy_mac", C.access_ptr("rw"), A.access_ptr("r"), B.access_ptr("r"), sc, sa, sb)
            )

    return impl


def copy_desc(source: str, target: str) -> tvm.tirx.PrimFunc:
    """Copy a tile from the scope ``source`` to the scope ``target``."""

    @T.prim_func(s_tir=True)
    def desc(S_: T.handle, D_: T.handle):
        S = T.match_buffer(S_, (TILE, TILE), "float32", offset_factor=1, scope=source)
        D = T.match_buffer(D_, (TILE, TILE), "float32", offset_factor=1, scope=target)
        with T.sblock("root"):
            T.reads(S[0:TILE, 0:TILE])
            T.writes(D[0:TILE, 0:TILE])
            for i, j in T.grid(TILE, TILE):
                with T.sblock("copy"):
                    vi, vj = T.axis.remap("SS", [i, j])
                    D[vi, vj] = S[vi, vj]

    return desc


def copy_impl(source: str, target: str) -> tvm.tirx.PrimFunc:
    """``toy_copy(target, source, row strides of target, source)``."""

    @T.prim_func(s_tir=True)
    def impl(S_: T.handle, D_: T.handle):
        ss, sd = T.int32(), T.int32()
        S = T.match_buffer(S_, (TILE, TILE), "float32", offset_factor=1, strides=[ss, 1], scope=source)
        D = T.match_buffer(D_, (TILE, TILE), "float32", offset_factor=1, strides=[sd, 1], scope=target)
        with T.sblock("root"):
            T.reads(S[0:TILE, 0:TILE])
            T.writes(D[0:TILE, 0:TILE])
            T.evaluate(T.call_extern("int32", "toy_copy", D.access_ptr("w"), S.access_ptr("r"), sd, ss))

    return impl


def clear_desc(target: str) -> tvm.tirx.PrimFunc:
    """Set a tile in the scope ``target`` to zero."""

    @T.prim_func(s_tir=True)
    def desc(D_: T.handle):
        D = T.match_buffer(D_, (TILE, TILE), "float32", offset_factor=1, scope=target)
        with T.sblock("root"):
            T.reads()
            T.writes(D[0:TILE, 0:TILE])
            for i, j in T.grid(TILE, TILE):
                with T.sblock("clear"):
                    vi, vj = T.axis.remap("SS", [i, j])
                    D[vi, vj] = T.float32(0)

    return desc


def clear_impl(target: str) -> tvm.tirx.PrimFunc:
    """``toy_clear(target, row stride of target)``."""

    @T.prim_func(s_tir=True)
    def impl(D_: T.handle):
        sd = T.int32()
        D = T.match_buffer(D_, (TILE, TILE), "float32", offset_factor=1, strides=[sd, 1], scope=target)
        with T.sblock("root"):
            T.reads()
            T.writes(D[0:TILE, 0:TILE])
            T.evaluate(T.call_extern("int32", "toy_clear", D.access_ptr("w"), sd))

    return impl
