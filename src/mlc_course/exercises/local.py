"""Judge an answer in this process: a learner checking their own work."""

import secrets
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from mlc_course.exercises.answers import prepare
from mlc_course.exercises.calls import ModuleCall, ProgramCall
from mlc_course.exercises.failures import failure_of, out_of_time
from mlc_course.exercises.reports import failed_parts, told_once
from mlc_course.exercises.time_limit import SECONDS, OutOfTime, time_limit
from mlc_ref.checks.failure import CheckFailure
from mlc_ref.checks.task import Call, Part, PartResult, Report, Task
from mlc_ref.language import Language, Text, current_language

_USABLE = Text("a result the check can use", "检查能够使用的结果")


def judge(
    task: Task,
    answer: Any,
    rng: np.random.Generator | None = None,
    *,
    language: Language | None = None,
    seconds: float = SECONDS,
) -> Report:
    """Judge every part of a task.

    Args:
        answer: what the learner produced, of the task's kind.
        rng: source of the secret inputs; by default a fresh one, whose seed the report states.
        language: of the report; by default the reader's.
        seconds: that all parts together may take; those that are not judged by then are lost.
    """
    seed = None if rng else secrets.randbits(63)
    done: list[PartResult] = []
    try:
        with time_limit(seconds):
            judge_parts(task, lambda: prepare(task, answer), _call, rng or np.random.default_rng(seed), done.append)
    except OutOfTime as error:
        done += failed_parts(task.parts[len(done) :], out_of_time(error, seconds))
    results = tuple(done)
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
    results: list[PartResult] = []
    for result in _results(task, prepared, make_call, rng.spawn(len(task.parts))):
        results.append(told_once(result, results))
        if report:
            report(results[-1])
    return tuple(results)


def _results(
    task: Task,
    prepared: Callable[[], Any],
    make_call: Callable[[Task, Any], Call | None],
    sources: Sequence[np.random.Generator],
) -> Iterable[PartResult]:
    try:
        answer = prepared()
    except CheckFailure as failure:
        yield from failed_parts(task.parts, failure)
        return
    call = make_call(task, answer)
    for part, source in zip(task.parts, sources, strict=True):
        yield _part_result(part, (answer,) if part.stage == "inspect" else (call, source))


def is_untouched(answer: Any) -> bool:
    """Whether an answer is what a notebook starts from: a schedule without steps, or a dict without values."""
    if isinstance(answer, dict):
        return all(value is None for value in answer.values())
    steps = getattr(getattr(answer, "trace", None), "insts", None)
    return steps is not None and len(steps) == 0


def _part_result(part: Part, arguments: tuple[Any, ...]) -> PartResult:
    try:
        part.judge(*arguments)
    except (Exception, SystemExit) as error:
        failure = failure_of(error, expected=_USABLE)
        return PartResult(part.name, part.title, part.points, 0, failure.message, failure.hint)
    return PartResult(part.name, part.title, part.points, part.points)


def _call(task: Task, prepared: Any) -> Call | None:
    if task.kind == "trace":
        return ModuleCall(prepared.mod, task.entry)
    if task.kind == "module":
        return ModuleCall(prepared, task.entry)
    return ProgramCall(prepared) if task.kind == "program" else None
