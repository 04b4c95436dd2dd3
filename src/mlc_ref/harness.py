"""Build, run, compare with an oracle, and time as a ratio: the four things every chapter does.

The oracle is always NumPy in float64. A program is compared with it before it is timed.
"""

import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from mlc_ref.kinds import invalid, takes
from mlc_ref.targets import cpu_target

if TYPE_CHECKING:
    import tvm


@takes("IRModule")
def build(mod: "tvm.IRModule", target: "tvm.target.Target | None" = None) -> "tvm.runtime.Executable":
    """Compile a module for ``target``, by default the native CPU.

    Raises:
        TypeError: ``mod`` is no module.
        UnresolvedSymbolError: the module calls a function that is nowhere, which would end the process.
    """
    import tvm

    from mlc_ref.crashes import memory_planned_safely, require_external_functions

    require_external_functions(mod)
    with memory_planned_safely(mod):
        return tvm.compile(mod, target=target or cpu_target())


@takes("IRModule", "Executable", "runtime.Module")
def run(
    mod: "tvm.IRModule | tvm.runtime.Executable | tvm.runtime.Module",
    inputs: Sequence[np.ndarray],
    outputs: Sequence[tuple[tuple[int, ...], str]],
    entry: str = "main",
) -> list[np.ndarray]:
    """Run a destination-passing function on the CPU.

    Args:
        mod: a module, compiled here for the native CPU, or an executable.
        inputs: arrays passed first, in order.
        outputs: ``(shape, dtype)`` of each result; passed after the inputs as arrays filled with
            NaN (floats) or the type's largest value, so that an element never written is noticed.
        entry: name of the function to call.

    Returns:
        The output arrays.

    Raises:
        CheckFailure: the function wrote beside one of its arguments.
        TypeError, UnresolvedSymbolError: as ``build``.
    """
    from tvm.runtime import Executable, Module

    from mlc_ref.guards import check_guards, guarded, tensors

    executable = mod if isinstance(mod, Executable | Module) else build(mod)
    arrays = [np.asarray(x) for x in inputs]
    arguments = guarded([*arrays, *(unwritten(shape, dtype) for shape, dtype in outputs)])
    executable[entry](*tensors(arguments))
    check_guards(arguments)
    return [each.values.copy() for each in arguments[len(arrays) :]]


def unwritten(shape: tuple[int, ...], dtype: str) -> np.ndarray:
    """An output array whose every element is a value no program should leave behind."""
    kind = np.dtype(dtype)
    return np.full(shape, np.nan if kind.kind == "f" else _largest(kind), dtype=kind)


def _largest(kind: np.dtype) -> Any:
    return True if kind.kind == "b" else np.iinfo(kind).max


def error_bound(reduction_length: int, dtype: str = "float32") -> float:
    """Relative error a sum of ``reduction_length`` products may have in ``dtype``.

    The standard bound ``n * u / (1 - n * u)`` with unit roundoff ``u`` (Higham, *Accuracy and
    Stability of Numerical Algorithms*, 2002, section 3.1), relative to the sum of absolute values.

    Raises:
        ValueError: the bound says nothing for so long a sum (``n * u >= 1``).
    """
    nu = reduction_length * float(np.finfo(dtype).eps) / 2
    if nu >= 1:
        raise invalid(
            f"reduction_length: got {reduction_length}, too long for {dtype} to bound the error",
            f"reduction_length：得到 {reduction_length}，对 {dtype} 来说太长，给不出误差界",
        )
    return nu / (1 - nu)


def time_ratio(
    program: Callable[[], object], peer: Callable[[], object], *, rounds: int = 9, min_seconds: float = 0.02
) -> float:
    """How many times faster ``program`` is than ``peer``, measured in turns in this process.

    Both run on the threads they were set up with; fix them before calling (``TVM_NUM_THREADS``,
    ``torch.set_num_threads``, ``threadpoolctl``). Each round times both, long enough each to last
    ``min_seconds``; the result is the median of the rounds' ratios.
    """
    program(), peer()
    repeats = [_repeats(f, min_seconds) for f in (program, peer)]
    ratios = []
    for _ in range(rounds):
        program_time, peer_time = (_seconds(f, n) for f, n in zip((program, peer), repeats, strict=True))
        ratios.append(peer_time / program_time)
    return statistics.median(ratios)


def cpu_seconds(
    programs: Mapping[str, Callable[[], object]], *, rounds: int = 5, min_seconds: float = 0.02
) -> dict[str, float]:
    """Processor seconds of one call of each program, measured in turns: the median of the rounds.

    What other processes take does not count, but the caches they use do. All threads of this process count, those that
    wait by spinning too, so set ``TVM_NUM_THREADS=1`` before TVM is imported.
    """
    clock = time.process_time
    repeats = {}
    for name, program in programs.items():
        program()
        repeats[name] = _repeats(
            program, min_seconds
        )  # by the wall's clock: a processor's may be too coarse for one call
    times: dict[str, list[float]] = {name: [] for name in programs}
    for _ in range(rounds):
        for name, program in programs.items():
            times[name].append(_seconds(program, repeats[name], clock))
    return {name: statistics.median(each) for name, each in times.items()}


def _repeats(f: Callable[[], object], min_seconds: float) -> int:
    return max(1, int(min_seconds / max(_seconds(f, 1), 1e-9)))


def _seconds(f: Callable[[], object], repeats: int, clock: Callable[[], float] | None = None) -> float:
    """Seconds of one call, the mean of ``repeats`` calls; by the clock on the wall, or another."""
    clock = clock or time.perf_counter
    start = clock()
    for _ in range(repeats):
        f()
    return (clock() - start) / repeats
