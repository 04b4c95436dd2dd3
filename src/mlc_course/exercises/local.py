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
    results = judge_parts(task, lambda: prepare(task, answer), _call, rng or np.random.default_rng(seed))
    return Report(task.name, task.title, results, language or current_language(), seed)


def judge_parts(
    task: Task,
    prepared: Callable[[], Any],
    make_call: Callable[[Task, Any], Call | None],
    rng: np.random.Generator,
    report: Callable[[PartResult], None] | None = None,
) -> tuple[PartResult, ...]:
    """The results of all parts, wherever the answer runs.

    Args:
        prepared: gives the answer as judges see it, or raises ``CheckFailure``; then no part is judged.
        make_call: from task and prepared answer to the ``call`` of ``run`` parts.
        rng: each part gets a source of its own from it.
        report: told of each result as soon as it is there.
    """
    sources = rng.spawn(len(task.parts))
    try:
        answer = prepared()
    except CheckFailure as failure:
        return failed_parts(task, failure)
    call = make_call(task, answer)

    results = []
    for part, source in zip(task.parts, sources, strict=True):
        results.append(_part_result(part, (answer,) if part.stage == "inspect" else (call, source)))
        if report:
            report(results[-1])
    return tuple(results)


def _part_result(part: Part, arguments: tuple[Any, ...]) -> PartResult:
    try:
        part.judge(*arguments)
    except (Exception, SystemExit) as error:
        failure = failure_of(error, expected=_USABLE)
        return PartResult(part.name, part.title, part.points, 0, failure.message, failure.hint)
    return PartResult(part.name, part.title, part.points, part.points)


def failed_parts(task: Task, failure: CheckFailure) -> tuple[PartResult, ...]:
    """No points for any part, for one reason."""
    return tuple(PartResult(p.name, p.title, p.points, 0, failure.message, failure.hint) for p in task.parts)


def _call(task: Task, prepared: Any) -> Call | None:
    if task.kind == "trace":
        return ModuleCall(prepared.mod, task.entry)
    if task.kind == "module":
        return ModuleCall(prepared, task.entry)
    return ProgramCall(prepared) if task.kind == "program" else None
