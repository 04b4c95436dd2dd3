"""The int8 dot-product instruction: 16 sums of four products each.

AVX-512 VNNI, ``VPDPBUSD``: *Intel 64 and IA-32 Architectures Software Developer's Manual*, volume 2.
The first operand is unsigned, the second signed, and the 32-bit sums do not saturate.
"""

from tvm.script import tirx as T

LANES, DEPTH = 16, 4


@T.prim_func(s_tir=True)
def dot_desc(
    A: T.Buffer((DEPTH,), "uint8", offset_factor=1),
    B: T.Buffer((LANES, DEPTH), "int8", offset_factor=1),
    C: T.Buffer((LANES,), "int32", offset_factor=1),
) -> None:
    """``C[j] += A[0] * B[j, 0] + … + A[3] * B[j, 3]`` for 16 ``j``."""
    with T.sblock("root"):
        T.reads(C[0:LANES], A[0:DEPTH], B[0:LANES, 0:DEPTH])
        T.writes(C[0:LANES])
        for j, p in T.grid(LANES, DEPTH):
            with T.sblock("dot"):
                vj, vp = T.axis.remap("SR", [j, p])
                C[vj] = C[vj] + T.cast(A[vp], "int32") * T.cast(B[vj, vp], "int32")


@T.prim_func(s_tir=True)
def dot_vnni(
    A: T.Buffer((DEPTH,), "uint8", offset_factor=1),
    B: T.Buffer((LANES, DEPTH), "int8", offset_factor=1),
    C: T.Buffer((LANES,), "int32", offset_factor=1),
) -> None:
    """One ``vpdpbusd``: the four bytes of ``A`` go to all lanes, ``B`` fills one 64-byte register."""
    with T.sblock("root"):
        T.reads(C[0:LANES], A[0:DEPTH], B[0:LANES, 0:DEPTH])
        T.writes(C[0:LANES])
        C[T.ramp(0, 1, LANES)] = T.call_llvm_pure_intrin(
            T.llvm_lookup_intrinsic_id("llvm.x86.avx512.vpdpbusd.512"),
            C.vload([0], dtype="int32x16"),
            T.reinterpret(T.broadcast(T.reinterpret(A.vload([0], "uint8x4"), dtype="int32"), LANES), dtype="int8x64"),
            B.vload([0, 0], dtype="int8x64"),
            dtype="int32x16",
        )
