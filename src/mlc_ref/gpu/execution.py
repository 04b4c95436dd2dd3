"""Run a kernel in the simulator, compare it with its oracle, and do the same on a GPU where there is one."""

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from mlc_ref.gpu_sim import Options, Result, simulate
from mlc_ref.gpu_sim.counters import NAMES
from mlc_ref.gpu_sim.result import aligned, label
from mlc_ref.kinds import invalid, takes
from mlc_ref.language import Text, for_print
from mlc_ref.targets import cuda_target

if TYPE_CHECKING:
    import tvm

TOLERANCE = 1e-4  # relative and absolute, for sums of some hundred float32 numbers of size 1
_SIMULATOR, _GPU = Text("simulator", "模拟器"), Text("GPU", "GPU")
_DIFFERS = Text(
    "{where}: {wrong} of {size} elements differ, first at {first}: got {got}, expected {expected}",
    "{where}：{size} 个元素中有 {wrong} 个不同，第一个在 {first}：得到 {got}，应为 {expected}",
)
# The words of a counter's Chinese name, which a head writes one below the other: a memory, and what stands around it.
_WORDS = re.compile("每线程块?|..内存|.+?(?=..内存|$)")


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
    _compare(_SIMULATOR, result.outputs[0], expected)
    if gpu_present():
        _compare(_GPU, on_gpu(mod, inputs, expected.shape), expected)
    return result


def _compare(where: Text, found: np.ndarray, expected: np.ndarray) -> None:
    wrong = ~np.isclose(found, expected, rtol=TOLERANCE, atol=TOLERANCE)
    if wrong.any():
        first = tuple(int(i) for i in np.argwhere(wrong)[0])
        said = _DIFFERS.format(
            where=where, wrong=int(wrong.sum()), size=expected.size, first=first, got=f"{found[first]:.6g}",
            expected=f"{expected[first]:.6g}",
        )  # fmt: skip
        raise WrongResult(for_print(said))


def counter_table(results: Mapping[str, Result], *counters: str) -> str:
    """One line for each result, one column for each counter, in the reader's language.

    Args:
        counters: fields of ``Counters``.

    Raises:
        ValueError: there is no such counter.
    """
    if unknown := [name for name in counters if name not in NAMES]:
        raise invalid(
            f"counters: got {unknown[0]!r}, there are {', '.join(NAMES)}",
            f"counters：得到 {unknown[0]!r}，可选的有 {', '.join(NAMES)}",
        )
    english = [name.split("_") for name in counters]
    chinese = [_WORDS.findall(label(name).zh) for name in counters]
    values = [
        [name, *(f"{getattr(each.counters, counter):,}" for counter in counters)] for name, each in results.items()
    ]
    return for_print(Text(*(aligned([*_heads(words), *values], least=9) for words in (english, chinese))))


def _heads(columns: list[list[str]]) -> list[list[str]]:
    """The lines above a table: the words of each column one below the other, the last on the last line."""
    depth = max(map(len, columns))
    return [["", *line] for line in zip(*([""] * (depth - len(words)) + words for words in columns), strict=True)]
