"""Compilation targets of the course, and the features of the CPU the course runs on."""

import os
import platform
from collections.abc import Container
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from mlc_ref.kinds import refused
from mlc_ref.language import Text

if TYPE_CHECKING:
    import tvm

_LINUX_FLAGS = {"avx2": "avx2", "avx512": "avx512f", "vnni": "avx512_vnni", "neon": "asimd"}


@dataclass(frozen=True)
class CpuFeatures:
    """What the course's schedules need to know of a CPU.

    Attributes:
        avx2, avx512, vnni, neon: instruction sets present.
        vector_bits: width of the widest float vector register in bits (128 where nothing is known).
        vector_registers: number of vector registers (32 with AVX-512 and NEON, else 16).
    """

    avx2: bool = False
    avx512: bool = False
    vnni: bool = False
    neon: bool = False

    @property
    def vector_bits(self) -> int:
        return 512 if self.avx512 else 256 if self.avx2 else 128

    @property
    def vector_registers(self) -> int:
        return 32 if self.avx512 or self.neon else 16


def features_from_flags(flags: Container[str]) -> CpuFeatures:
    """Features named by the ``flags`` (x86) or ``Features`` (Arm) line of ``/proc/cpuinfo``."""
    return CpuFeatures(**{name: flag in flags for name, flag in _LINUX_FLAGS.items()})


@cache
def cpu_features() -> CpuFeatures:
    """Features of this machine's CPU; on macOS arm64 NEON, elsewhere what Linux reports."""
    if platform.machine() in ("arm64", "aarch64") and platform.system() == "Darwin":
        return CpuFeatures(neon=True)
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return CpuFeatures()
    names = ("flags", "Features")
    flags = next((line.partition(":")[2] for line in lines if line.startswith(names)), "")
    return features_from_flags(set(flags.split()))


@cache
def cpu_target(cores: int | None = None) -> "tvm.target.Target":
    """The native LLVM target of this machine.

    Args:
        cores: threads that MetaSchedule plans for; default: the machine's.
    """
    import tvm

    name = tvm.get_global_func("target.llvm_get_system_cpu")()
    return tvm.target.Target({"kind": "llvm", "mcpu": name, "num-cores": cores or os.cpu_count() or 1})


@cache
def cuda_target(arch: str = "sm_80") -> "tvm.target.Target":
    """A CUDA target for code generation; no GPU, driver or CUDA compiler is needed.

    Args:
        arch: compute capability, such as ``sm_75``, ``sm_80``, ``sm_90``.

    Raises:
        ValueError: ``arch`` does not read ``sm_<number>``.
    """
    import tvm

    if not (arch.startswith("sm_") and arch[3:].isdigit()):
        raise ValueError(
            refused("arch", repr(arch), Text("'sm_' and a number, such as 'sm_80'", "'sm_' 加数字，例如 'sm_80'"))
        )
    limits = {"max_shared_memory_per_block": 49152, "max_threads_per_block": 1024, "thread_warp_size": 32}
    return tvm.target.Target({"kind": "cuda", "arch": arch, **limits}, host=cpu_target())
