"""Limits of some GPUs: how many blocks a multiprocessor holds, and the roofline.

Limits: NVIDIA, *CUDA C++ Programming Guide*, section "Compute Capabilities", table "Technical
Specifications per Compute Capability"; the kilobyte that the system keeps of each block's shared
memory from compute capability 8.0 on, and allocation units: the CUDA occupancy calculator.
Peaks: the data sheets of NVIDIA T4, A100 (40 GB, SXM) and H100 (SXM), without sparsity.
Roofline: Williams, Waterman, Patterson, "Roofline", Communications of the ACM 52(4), 2009.
"""

from dataclasses import dataclass

from mlc_ref.gpu_sim.counters import Counters
from mlc_ref.kinds import invalid

_REGISTER_UNIT = 8  # registers of a thread are given out in eights
_MAX_REGISTERS = 255


@dataclass(frozen=True)
class Device:
    """Limits of one multiprocessor, and peaks of a whole device that has it.

    Attributes:
        warps, blocks: resident at once.
        shared_bytes, reserved_bytes: shared memory of a multiprocessor; of each block kept by the system.
        shared_unit: shared memory is given out in multiples of so many bytes.
        registers: 32-bit registers.
        flops, matrix_flops: float32 operations, and float16 Tensor Core operations, a second.
        bandwidth: bytes from and to device memory a second.
    """

    name: str
    warps: int
    blocks: int
    shared_bytes: int
    reserved_bytes: int
    shared_unit: int
    registers: int
    flops: float
    matrix_flops: float
    bandwidth: float


DEVICES = {
    "sm_75": Device("T4", 32, 16, 64 << 10, 0, 256, 1 << 16, 8.1e12, 65e12, 320e9),
    "sm_80": Device("A100", 64, 32, 164 << 10, 1 << 10, 128, 1 << 16, 19.5e12, 312e12, 1555e9),
    "sm_90": Device("H100", 64, 32, 228 << 10, 1 << 10, 128, 1 << 16, 66.9e12, 989e12, 3350e9),
}


def device(name: str) -> Device:
    """The device of a compute capability.

    Raises:
        ValueError: an unknown one.
    """
    if name not in DEVICES:
        raise invalid(
            f"device: got {name!r}, known are {', '.join(DEVICES)}",
            f"device：得到 {name!r}，可选的有 {', '.join(DEVICES)}",
        )
    return DEVICES[name]


@dataclass(frozen=True)
class Occupancy:
    """How full a multiprocessor can be.

    Attributes:
        blocks, warps: resident at once.
        fraction: of the warps the multiprocessor can hold.
        limited_by: ``warps``, ``blocks``, ``shared memory`` or ``registers``.
    """

    blocks: int
    warps: int
    fraction: float
    limited_by: str


def occupancy(on: Device, threads: int, counters: Counters, registers: int | None = None) -> Occupancy:
    """Resident blocks of a kernel.

    Args:
        threads: of a block.
        registers: of a thread, as a compiler reports them; default: as many as hold the kernel's
            private arrays, a lower bound, since addresses and temporaries need some more.
    """
    warps = -(-threads // 32)
    least = registers if registers is not None else min(_MAX_REGISTERS, -(-counters.local_bytes_per_thread // 4))
    per_thread = -(-max(least, 1) // _REGISTER_UNIT) * _REGISTER_UNIT
    shared = -(-(counters.shared_bytes_per_block + on.reserved_bytes) // on.shared_unit) * on.shared_unit
    limits = {
        "warps": on.warps // warps,
        "blocks": on.blocks,
        "shared memory": on.shared_bytes // shared if shared else on.blocks,
        "registers": on.registers // (per_thread * 32 * warps),
    }
    limited_by = min(limits, key=lambda name: limits[name])
    blocks = limits[limited_by]
    return Occupancy(blocks, blocks * warps, blocks * warps / on.warps, limited_by)


@dataclass(frozen=True)
class Roofline:
    """The most operations a second a kernel can reach, were every other cost zero.

    Attributes:
        intensity: operations a byte.
        bound: operations a second.
        limited_by: ``memory`` or ``compute``.
    """

    intensity: float
    bound: float
    limited_by: str


def roofline(on: Device, counters: Counters) -> Roofline:
    """The roofline bound of what was counted; every global sector is taken to come from device memory."""
    moving = counters.global_bytes / on.bandwidth
    computing = counters.flops / on.flops + counters.matrix_operations / on.matrix_flops
    slowest = max(moving, computing)
    bound = counters.operations / slowest if slowest else 0.0
    return Roofline(counters.intensity, bound, "memory" if moving >= computing else "compute")
