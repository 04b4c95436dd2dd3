"""Run, count and check GPU kernels without a GPU.

``simulate`` executes the IR that CUDA code generation would receive, for all threads in lock-step, and
returns the results together with exact counts of memory traffic, bank conflicts, barriers and
operations. Mistakes that a GPU would pass over in silence (races, missing barriers, uninitialized
memory, indices out of bounds) stop the simulation with an error that says where. The model and its
sources are described in this folder's README.

Reading order: ``lowering``, ``launch``, ``lanes``, ``memory``, ``access``, ``counting``, ``races``,
``values``, ``expressions``, ``statements``, ``warps``, ``atomics``, ``copies``, ``matrix``, ``result``.
"""

from mlc_ref.gpu_sim.counters import Counters
from mlc_ref.gpu_sim.devices import DEVICES, Device, Occupancy, Roofline
from mlc_ref.gpu_sim.errors import (
    BarrierDivergence,
    DataRace,
    Misaligned,
    OutOfBounds,
    SimulationError,
    StepLimit,
    UninitializedRead,
    Unsupported,
)
from mlc_ref.gpu_sim.lowering import lower_for_gpu
from mlc_ref.gpu_sim.options import Options
from mlc_ref.gpu_sim.result import AccessSample, KernelResult, Result, StatementResult
from mlc_ref.gpu_sim.simulate import simulate

__all__ = [
    "DEVICES",
    "AccessSample",
    "BarrierDivergence",
    "Counters",
    "DataRace",
    "Device",
    "KernelResult",
    "Misaligned",
    "Occupancy",
    "Options",
    "OutOfBounds",
    "Result",
    "Roofline",
    "SimulationError",
    "StatementResult",
    "StepLimit",
    "UninitializedRead",
    "Unsupported",
    "lower_for_gpu",
    "simulate",
]
