"""What x86 instructions that add products of bytes do with a sum that does not fit: the manual's word, and this CPU's.

*Intel 64 and IA-32 Architectures Software Developer's Manual*, volume 2: ``VPMADDUBSW``, ``VPDPBUSD``, ``VPDPBUSDS``.
"""

from dataclasses import dataclass

import numpy as np
import tvm

from mlc_ref.harness import build
from mlc_ref.targets import cpu_features
from mlc_ref.tensorization.programs.byte_products import byte_products


@dataclass(frozen=True)
class ByteProducts:
    """An instruction that multiplies unsigned by signed bytes and adds neighbouring products.

    Attributes:
        intrinsic: its name in LLVM.
        needs: the field of ``CpuFeatures`` that a CPU with the instruction has.
        bits: width of a sum.
        products: how many products go into one sum.
        adds: whether they are added to a sum that is there already.
        saturates: whether a sum that does not fit becomes the nearest number that does; otherwise it wraps around.
        vector: bytes of an operand.
    """

    intrinsic: str
    needs: str
    bits: int
    products: int
    adds: bool
    saturates: bool
    vector: int


INSTRUCTIONS = {
    "vpmaddubsw": ByteProducts("llvm.x86.avx2.pmadd.ub.sw", "avx2", 16, 2, False, True, 32),
    "vpdpbusd": ByteProducts("llvm.x86.avx512.vpdpbusd.512", "vnni", 32, 4, True, False, 64),
    "vpdpbusds": ByteProducts("llvm.x86.avx512.vpdpbusds.512", "vnni", 32, 4, True, True, 64),
}


def exact(name: str, start: int, a: int, b: int) -> int:
    """``start`` and the products of the bytes ``a`` and ``b`` that an instruction adds, without a limit."""
    return start + INSTRUCTIONS[name].products * a * b


def by_manual(name: str, start: int, a: int, b: int) -> int:
    """What the manual says the instruction gives.

    Args:
        name: a key of ``INSTRUCTIONS``.
        start: the sum before; 0 for an instruction that adds to none.
        a, b: the unsigned and the signed byte in all places of the operands.
    """
    one = INSTRUCTIONS[name]
    least, most = -(2 ** (one.bits - 1)), 2 ** (one.bits - 1) - 1
    total = exact(name, start, a, b)
    return min(max(total, least), most) if one.saturates else (total - least) % 2**one.bits + least


def on_this_cpu(name: str, start: int, a: int, b: int) -> int | None:
    """What this CPU gives, from a program with the one instruction in it; ``None`` where it has no such instruction.

    Args: as ``by_manual``.

    Raises:
        ValueError: the places of the result differ, though all places of the operands are alike.
    """
    one = INSTRUCTIONS[name]
    if not getattr(cpu_features(), one.needs):
        return None
    sums = np.full(one.vector // one.products, start, f"int{one.bits}")
    arrays = (np.full(one.vector, a, "uint8"), np.full(one.vector, b, "int8"), sums)
    tensors = [tvm.runtime.tensor(array) for array in arrays]
    program = byte_products(one.intrinsic, one.vector, len(sums), str(sums.dtype), adds=one.adds)
    build(tvm.IRModule({"main": program}))["main"](*tensors)
    (found,) = set(tensors[-1].numpy().tolist())
    return int(found)
