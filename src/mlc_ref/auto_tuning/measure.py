"""Seconds of a schedule on this machine."""

import math
import statistics
from collections.abc import Sequence

import numpy as np
import tvm
from tvm.s_tir import Schedule

from mlc_ref.checks.equivalence import random_array, written_parameters
from mlc_ref.checks.sites import function
from mlc_ref.harness import unwritten
from mlc_ref.kinds import invalid
from mlc_ref.targets import cpu_target


class CpuTimer:
    """Measures schedules of one module: right first, then fast.

    Args:
        mod: the unscheduled module, which gives the right answer.
        repeats: timings of which the median counts; noise only ever adds time, but a single lucky
            run would mislead a search as much as an unlucky one.
        min_seconds: each timing repeats the call for at least this long.
        seed: of the inputs.

    Raises:
        ValueError: a shape is symbolic.
    """

    def __init__(self, mod: tvm.IRModule, *, repeats: int = 5, min_seconds: float = 0.005, seed: int = 0):
        func = function(mod)
        self.outputs = written_parameters(func)
        rng = np.random.default_rng(seed)
        self.parameters = _parameters(func)
        self.arguments = [
            unwritten(shape, dtype) if i in self.outputs else random_array(rng, shape, dtype)
            for i, (shape, dtype) in enumerate(self.parameters)
        ]
        self.expected = self._results(tvm.compile(mod, target=cpu_target()))
        self.repeats, self.min_seconds = repeats, min_seconds

    def __call__(self, sch: Schedule) -> float:
        """Median seconds of one call; infinite when the schedule does not compile or computes something else.

        Raises:
            ValueError: the schedule is of another module: its ``main`` takes other parameters.
        """
        main = sch.mod["main"] if "main" in [var.name_hint for var in sch.mod.get_global_vars()] else None
        found = None if main is None else _parameters(main)
        if found != self.parameters:
            raise invalid(
                f"schedule: got a main with the parameters {found}, allowed {self.parameters}",
                f"schedule：得到参数为 {found} 的 main，允许的是 {self.parameters}",
            )
        try:
            executable = tvm.compile(sch.mod, target=cpu_target())
        except Exception:
            return math.inf
        if not self._agrees(self._results(executable)):
            return math.inf
        tensors = [tvm.runtime.tensor(array) for array in self.arguments]
        timer = executable.mod.time_evaluator(
            "main", tvm.cpu(), number=1, repeat=self.repeats, min_repeat_ms=int(self.min_seconds * 1000)
        )
        return statistics.median(timer(*tensors).results)

    def _results(self, executable: tvm.runtime.Executable) -> list[np.ndarray]:
        tensors = [tvm.runtime.tensor(array) for array in self.arguments]
        executable["main"](*tensors)
        return [tensors[i].numpy() for i in self.outputs]

    def _agrees(self, found: Sequence[np.ndarray]) -> bool:
        return all(np.allclose(a, b, rtol=1e-4, atol=1e-4) for a, b in zip(found, self.expected, strict=True))


def _parameters(func: tvm.tirx.PrimFunc) -> list[tuple[tuple[int, ...], str]]:
    """Shape and dtype of each parameter.

    Raises:
        ValueError: a parameter is no buffer, or of a shape that is symbolic.
    """
    if scalars := [p.name for p in func.params if not tvm.tirx.is_buffer_var(p)]:
        raise invalid(
            f"parameter {scalars[0]}: got a scalar, allowed buffers", f"参数 {scalars[0]}：得到标量，允许的是缓冲区"
        )
    if symbolic := [p.name for p in func.params if not all(isinstance(n, tvm.tirx.IntImm) for n in p.shape)]:
        raise invalid(
            f"parameter {symbolic[0]}: got a symbolic shape, allowed one of numbers",
            f"参数 {symbolic[0]}：得到符号形状，允许的是由数字组成的形状",
        )
    return [(tuple(int(n) for n in p.shape), str(p.dtype)) for p in func.params]
