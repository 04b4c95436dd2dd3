"""One x86 instruction that multiplies bytes and adds neighbouring products, called by its name in LLVM."""

from typing import Any

import tvm
from tvm.script import tirx as T


def byte_products(intrinsic: str, given: int, lanes: int, dtype: str, *, adds: bool) -> tvm.tirx.PrimFunc:
    """``C[j] = A[q j] * B[q j] + …``, ``q = given / lanes`` products in a sum, by the instruction.

    Args:
        given: bytes of ``A`` (unsigned) and of ``B`` (signed).
        lanes, dtype: how many sums ``C`` holds, and their type.
        adds: whether the instruction adds to what ``C`` holds.
    """
    vectors, result = f"int8x{given}", f"{dtype}x{lanes}"

    def call(a: Any, b: Any, c: Any) -> Any:
        before = [c.vload([0], dtype=result)] if adds else []
        unsigned = T.reinterpret(a.vload([0], f"uint8x{given}"), dtype=vectors)
        identifier = T.llvm_lookup_intrinsic_id(intrinsic)
        return T.call_llvm_pure_intrin(identifier, *before, unsigned, b.vload([0], dtype=vectors), dtype=result)

    @T.prim_func(s_tir=True)
    def main(A: T.Buffer((given,), "uint8"), B: T.Buffer((given,), "int8"), C: T.Buffer((lanes,), dtype)) -> None:
        T.func_attr({"global_symbol": "main"})
        C[T.ramp(0, 1, lanes)] = call(A, B, C)

    return main
