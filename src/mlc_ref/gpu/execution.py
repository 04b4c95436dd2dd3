"""Run a kernel in the simulator, compare it with its oracle, and do the same on a GPU where there is one."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from mlc_ref.gpu_sim import Options, Result, simulate
from mlc_ref.gpu_sim.counters import NAMES
from mlc_ref.kinds import takes
from mlc_ref.targets import cuda_target

if TYPE_CHECKING:
    import tvm

TOLERANCE = 1e-4  # relative and absolute, for sums of some hundred float32 numbers of size 1


class WrongResult(AssertionError):
    """A kernel ran and gave other numbers than its oracle."""


def gpu_present() -> bool:
    """Whether TVM can use a CUDA device here."""
    import tvm

    return bool(tvm.cuda().exist)


@takes("IRModule")
def on_gpu(mod: "tvm.IRModule", inputs: Sequence[np.ndarray], shape: tuple[int, ...]) -> np.ndarray:
    """The output of a scheduled module, float32 of ``shape``, computed on the first CUDA device.

    Raises:
        RuntimeError: there is no such device, or no CUDA compiler.
    """
    import tvm

    device = tvm.cuda()
    executable = tvm.compile(mod, target=cuda_target("sm_" + device.compute_version.replace(".", "")))
    arguments = [tvm.runtime.tensor(a, device) for a in inputs]
    result = tvm.runtime.tensor(np.full(shape, np.nan, "float32"), device)
    executable["main"](*arguments, result)
    return result.numpy()


@takes("IRModule")
def execute(
    mod: "tvm.IRModule", inputs: Sequence[np.ndarray], expected: np.ndarray, options: Options | None = None
) -> Result:
    """Simulate a scheduled module and compare its only output with the oracle's; on a GPU too where there is one.

    Args:
        mod: a module with a scheduled function ``main``; its last parameter is a float32 output.
        inputs: the other arguments, in order.
        expected: what the output should be, of any float dtype.
        options: of the simulation.

    Returns:
        The simulation's result with its counters.

    Raises:
        WrongResult: simulator or GPU give other numbers.
        SimulationError: the simulator found a mistake; then nothing runs on the GPU.
    """
    result = simulate(mod, inputs, [(expected.shape, "float32")], options=options)
    _compare("simulator", result.outputs[0], expected)
    if gpu_present():
        _compare("GPU", on_gpu(mod, inputs, expected.shape), expected)
    return result


def _compare(where: str, found: np.ndarray, expected: np.ndarray) -> None:
    wrong = ~np.isclose(found, expected, rtol=TOLERANCE, atol=TOLERANCE)
    if wrong.any():
        first = tuple(int(i) for i in np.argwhere(wrong)[0])
        raise WrongResult(
            f"{where}: {int(wrong.sum())} of {expected.size} elements differ, "
            f"first at {first}: got {found[first]:.6g}, expected {expected[first]:.6g}"
        )


def counter_table(results: Mapping[str, Result], *counters: str) -> str:
    """One line for each result, one column for each counter.

    Args:
        counters: fields of ``Counters``; ``_`` is printed as a space.

    Raises:
        ValueError: there is no such counter.
    """
    if unknown := [name for name in counters if name not in NAMES]:
        raise ValueError(f"counters: got {unknown[0]!r}, there are {', '.join(NAMES)}")
    first = max(len(name) for name in results)
    heads = [name.split("_") for name in counters]
    widths = [max(9, *(len(word) for word in words)) for words in heads]
    depth = max(len(words) for words in heads)
    lines = []
    for row in range(depth):
        words = [head[row - depth + len(head)] if row >= depth - len(head) else "" for head in heads]
        lines.append(" " * first + "".join(f"  {word:>{width}}" for word, width in zip(words, widths, strict=True)))
    for name, result in results.items():
        values = [getattr(result.counters, counter) for counter in counters]
        lines.append(f"{name:<{first}}" + "".join(f"  {v:>{width},}" for v, width in zip(values, widths, strict=True)))
    return "\n".join(lines)
