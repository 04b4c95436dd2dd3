"""A schedule's trace taken again, one step after the other, on the module it began with or on a smaller one."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import tvm
import tvm_ffi
from tvm.s_tir import Schedule, Trace

from mlc_ref.checks.sites import function
from mlc_ref.viz.explorer.calls import LoopNames, call


@dataclass(frozen=True)
class Step:
    """One primitive and the program after it.

    Attributes:
        kind: of the trace's instruction, such as ``Split``; empty for the beginning.
        call: the step as a person would write it, such as ``split(i, [None, 16])``.
        results: names of the loops and blocks it returned.
        sampled: whether numbers in it were drawn.
        mod: the module after the step.
    """

    kind: str
    call: str
    results: tuple[str, ...]
    sampled: bool
    mod: tvm.IRModule


def replay(trace: Trace, start: tvm.IRModule, entry: str = "main") -> list[Step]:
    """All steps of a trace that are no mere look-ups, after a first one that is the beginning.

    Drawn numbers are those of the trace; where they do not fit the module, TVM takes the nearest that do.

    Raises:
        tvm.s_tir.ScheduleError: a step is illegal on this module.
    """
    recorder = _Recorder(Schedule(start), entry)
    recorder.sch.work_on(entry)
    trace.apply_to_schedule(recorder.sch, remove_postproc=False, decision_provider=recorder.before)
    recorder.finish()
    return recorder.steps


def visible(steps: Sequence[Step]) -> list[int]:
    """Positions of the steps that changed the module, and of the beginning."""
    pairs = enumerate(pairwise(steps), 1)
    return [0, *(i for i, (old, new) in pairs if not tvm_ffi.structural_equal(old.mod, new.mod, True))]


class _Recorder:
    """Called by TVM before each instruction of a replay; notes the step that is about to be made."""

    def __init__(self, sch: Schedule, entry: str):
        self.sch = sch
        self.entry = entry
        self.steps = [Step("", "", (), False, sch.mod)]
        self.open: tuple[str, str, bool] | None = None

    def before(self, inst: Any, inputs: Sequence[Any], attrs: Sequence[Any], decision: Any) -> Any:
        self.finish()
        kind = str(inst.kind.name)
        if not inst.kind.is_pure and kind != "EnterPostproc":
            drawn = any(isinstance(each, tvm.tirx.Var) for each in inputs)
            self.open = (kind, call(kind, inputs, attrs, self.sch, self.entry), drawn)
        return decision

    def finish(self) -> None:
        """Complete the step before: its results have names now, and the module is as it left it."""
        if self.open is None:
            return
        kind, text, drawn = self.open
        names = LoopNames(function(self.sch, self.entry))
        made = tuple(_result(self.sch.get(rv), names) for rv in self.sch.trace.insts[-1].outputs)
        self.steps.append(Step(kind, text, made, drawn, self.sch.mod))
        self.open = None


def _result(made: Any, names: LoopNames) -> str:
    return names.name(made) if isinstance(made, tvm.tirx.For) else str(made.name_hint)
