"""Judge an answer in this process: a learner checking their own work."""

import secrets
from collections.abc import Callable
from typing import Any

import numpy as np

from mlc_course.exercises.answers import prepare
from mlc_course.exercises.calls import ModuleCall, ProgramCall
from mlc_course.exercises.failures import failure_of
from mlc_ref.checks.failure import CheckFailure
from mlc_ref.checks.task import Call, Part, PartResult, Report, Task
from mlc_ref.language import Language, Text, current_language

_USABLE = Text("a result the check can use", "检查能够使用的结果")


def judge(
    task: Task, answer: Any, rng: np.random.Generator | None = None, *, language: Language | None = None
) -> Report:
    """Judge every part of a task.

    Args:
        answer: what the learner produced, of the task's kind.
        rng: source of the secret inputs; by default a fresh one, whose seed the report states.
        language: of the report; by default the reader's.
    """
    seed = None if rng else secrets.randbits(63)
    sources = (rng or np.random.default_rng(seed)).spawn(len(task.parts))
    judged = _judges(task, answer)
    results = [part_result(part, judged, source) for part, source in zip(task.parts, sources, strict=True)]
    return Report(task.name, task.title, tuple(results), language or current_language(), seed)


def part_result(
    part: Part, judged: Callable[[Part, np.random.Generator], None], rng: np.random.Generator
) -> PartResult:
    """Full points if judging the part raises nothing; otherwise none, and the failure's message and hint."""
    try:
        judged(part, rng)
    except (Exception, SystemExit) as error:
        failure = failure_of(error, expected=_USABLE)
        return PartResult(part.name, part.title, part.points, 0, failure.message, failure.hint)
    return PartResult(part.name, part.title, part.points, part.points)


def _judges(task: Task, answer: Any) -> Callable[[Part, np.random.Generator], None]:
    try:
        prepared = prepare(task, answer)
    except CheckFailure as error:
        return _always(error)
    call = _call(task, prepared)

    def judged(part: Part, rng: np.random.Generator) -> None:
        if part.stage == "inspect":
            part.judge(prepared)
        else:
            part.judge(call, rng)

    return judged


def _always(failure: CheckFailure) -> Callable[[Part, np.random.Generator], None]:
    def judged(part: Part, rng: np.random.Generator) -> None:
        raise failure

    return judged


def _call(task: Task, prepared: Any) -> Call | None:
    if task.kind == "trace":
        return ModuleCall(prepared.mod, task.entry)
    if task.kind == "module":
        return ModuleCall(prepared, task.entry)
    return ProgramCall(prepared) if task.kind == "program" else None
