"""Has one item judged: vets what came out of the student's process, then lets the judges' box and the runners' box talk.

The judges' box never runs a student's code, the runners' box never knows what is expected, and this process,
which keeps the score, loads nothing that a student made.
"""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import Any

from mlc_course.exercises.answers import WANTED
from mlc_course.exercises.failures import unsolved
from mlc_course.grading.modules import vet_module
from mlc_course.grading.strict_json import Refused, parse
from mlc_course.grading.talk import Silence, failure_to_plain
from mlc_course.grading.traces import vet_trace
from mlc_course.grading.warm import Job, JobLimits, Warm
from mlc_course.grading.wire import ModuleText, pack
from mlc_ref.checks.failure import CheckFailure
from mlc_ref.language import Text

RunProgram = Callable[[bytes], Awaitable[Any]]
MAX_VALUE = 256 * 2**10

_JUDGED = Text("an answer that can be judged within the limits", "一个能在限制之内评判的答案")
_CRASHED = Text(
    "the process that ran it was killed (signal {signal}: reading or writing outside a buffer, or more memory than allowed)",
    "运行它的进程被终止（信号 {signal}：读写越过缓冲区，或超出内存限制）",
)
_JUDGE_ENDED = Text(
    "judging it ended early (too much memory or time, or a crash of the compiler)",
    "评判提前结束（超出内存或时间限制，或编译器崩溃）",
)
_LATE = Text("it did not end in time", "未在规定时间内结束")


@dataclass(frozen=True)
class Exported:
    """What a check cell handed out, as it came."""

    message: Any


class Lost(Exception):
    """The student's process is gone, or was given up on.

    Attributes:
        report: of the item that was being judged: the parts judged before, and no points for the others.
    """

    def __init__(self, reason: Text):
        super().__init__(reason.en)
        self.reason = reason
        self.report: dict[str, Any] | CheckFailure | None = None


class Assessor:
    """Judges the items of one set.

    Args:
        tasks: descriptions of the set's tasks, as the judges' box gives them.
    """

    def __init__(self, stem: str, tasks: list[dict[str, Any]], judge: Warm, runner: Warm, limits: JobLimits):
        self._stem, self._judge, self._runner, self._limits = stem, judge, runner, limits
        # A judge mostly waits for runs, each with limits of its own; its CPU time is limited as theirs is.
        self._judging = replace(limits, wall=limits.wall * 10)
        self._tasks = {task["name"]: task for task in tasks}
        self._one_at_a_time = asyncio.Lock()

    async def judge(self, item: str, exported: Exported, run_program: RunProgram) -> dict[str, Any] | CheckFailure:
        """The item's report as JSON, or the one reason why there is none."""
        task = self._tasks[item]
        try:
            answer = vet_answer(task, exported.message)
        except CheckFailure as failure:
            return failure
        order = {"stem": self._stem, "item": item, "seed": secrets.randbits(63), "answer": answer}
        parts: list[dict[str, Any]] = []
        async with self._one_at_a_time:
            report = await self._judged(task, order, run_program, parts)
        return report if isinstance(report, CheckFailure) else checked_report(task, report)

    def needs_kernel(self, item: str) -> bool:
        """Whether judging an item calls functions in the student's process."""
        return self._tasks[item]["kind"] == "program"

    async def _judged(
        self, task: dict[str, Any], order: dict[str, Any], run_program: RunProgram, parts: list[dict[str, Any]]
    ) -> Any:
        with self._judge.job(self._judging) as job, _Runs(self._runner, self._limits, task) as runs:
            try:
                return await self._converse(job, runs, order, run_program, parts)
            except Lost as lost:
                ended = CheckFailure(expected=_JUDGED, found=lost.reason)
                lost.report = checked_report(task, _incomplete(task, order, parts, ended))
                raise
            except (Silence, Refused) as error:
                late = isinstance(error, Silence) and error.late
                ended = CheckFailure(expected=_JUDGED, found=_LATE if late else _JUDGE_ENDED)
                return _incomplete(task, order, parts, ended)

    async def _converse(
        self, job: Job, runs: "_Runs", order: dict[str, Any], run_program: RunProgram, parts: list[dict[str, Any]]
    ) -> Any:
        await asyncio.to_thread(job.talk.send, order)
        externs = self._tasks[order["item"]]["externs"]
        while True:
            message = await asyncio.to_thread(job.talk.receive, self._limits.wall)
            if "report" in message:
                return message["report"]
            if "part" in message:
                parts.append(message["part"])
                continue
            if "failure" in message:
                return CheckFailure(expected=_JUDGED, found=str(message["failure"])[:500])
            if "program" in message:
                reply = vetted_reply(await run_program(pack(message["program"])), externs)
            else:
                reply = await asyncio.to_thread(runs.call, message["module"])
            await asyncio.to_thread(job.talk.send, reply)


class _Runs:
    """The conversations with the runners' box that judging one item needs: one for each module."""

    def __init__(self, runner: Warm, limits: JobLimits, task: dict[str, Any]):
        self._runner, self._limits = runner, limits
        # A trace was replayed on the task's own module: its tensor intrinsics may call what no answer may.
        self._own = task["kind"] == "trace"
        self._externs = {name: text for name, text in task["externs"].items() if text}  # the others are not run
        self._stack = ExitStack()
        self._text: ModuleText | None = None
        self._job: Job | None = None

    def __enter__(self) -> "_Runs":
        return self

    def __exit__(self, *_error: object) -> None:
        self._stack.close()

    def call(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Compile the module if it is another one than last time, call it, and return its arrays or its failure."""
        text = asked.pop("text")
        try:
            if not self._own:
                text = ModuleText(vet_module(text.text, externs=self._externs))
            if self._job is None or self._text != text:
                self._stack.close()
                self._job, self._text = self._stack.enter_context(self._runner.job(self._limits)), text
                self._job.talk.send({"text": text})
                started = self._job.talk.receive(self._limits.wall)
                if "failure" in started:
                    self._forget()
                    return {"failure": started["failure"]}
            self._job.talk.send(asked)
            return vetted_reply(self._job.talk.receive(self._limits.wall), {})
        except Refused as error:
            return {"failure": failure_to_plain(error)}
        except Silence as error:
            return {"failure": failure_to_plain(self._ended(error))}

    def _ended(self, error: Silence) -> CheckFailure:
        job = self._job
        self._forget()
        ending = (job.ending if job else None) or {}
        late = error.late or ending.get("late")
        found = _LATE if late else _CRASHED.format(signal=ending.get("signal") or "?")
        return CheckFailure(expected=_JUDGED, found=found)

    def _forget(self) -> None:
        self._stack.close()
        self._job = None


def _incomplete(
    task: dict[str, Any], order: dict[str, Any], parts: list[dict[str, Any]], failure: CheckFailure
) -> dict[str, Any]:
    """The report of a judge that ended early: what it said, and no points for the rest."""
    message, hint = ({"en": t.en, "zh": t.zh} if t else None for t in (failure.message, failure.hint))
    rest = [
        {
            **part,
            "title": dict(zip(("en", "zh"), part["title"], strict=True)),
            "earned": 0,
            "message": message,
            "hint": hint,
        }
        for part in task["parts"][len(parts) :]
    ]
    title = dict(zip(("en", "zh"), task["title"], strict=True))
    points = sum(part["points"] for part in task["parts"])
    head = {"name": task["name"], "title": title, "points": points, "language": "en", "seed": order["seed"]}
    return {**head, "parts": [*parts, *rest]}


def vet_answer(task: dict[str, Any], message: Any) -> dict[str, Any]:
    """The answer as data the judges' box may load.

    Raises:
        CheckFailure: it is missing, of another kind, or holds what is not accepted.
    """
    kind = message.get("kind") if isinstance(message, dict) else None
    wanted = task["kind"]
    if kind == "missing":
        raise unsolved()
    if kind != wanted:
        found = str(message.get("why") or message.get("found") or kind)[:200] if isinstance(message, dict) else "?"
        raise CheckFailure(expected=WANTED[wanted], found=found)
    if wanted == "program":
        return {}
    if wanted == "trace":
        return {"trace": vet_trace(_string(message.get("trace")))}
    if wanted == "value":
        return {"value": parse(_string(message.get("value")), limit=MAX_VALUE, what=WANTED["value"], finite=True)}
    text = message.get("module")
    if not isinstance(text, ModuleText):
        raise CheckFailure(expected=WANTED["module"], found=type(text).__name__)
    return {"module": ModuleText(vet_module(text.text, externs=task["externs"]))}


def checked_report(task: dict[str, Any], report: Any) -> dict[str, Any] | CheckFailure:
    """The report, if it is one of this task: its parts, their points, nothing more than those earned."""
    parts = report.get("parts", []) if isinstance(report, dict) else []
    wanted = [(part["name"], part["points"]) for part in task["parts"]]
    found = [(part.get("name"), part.get("points")) for part in parts]
    if found != wanted or not all(type(p["earned"]) is int and p["earned"] in (0, p["points"]) for p in parts):
        return CheckFailure(expected=_JUDGED, found="a report of another form")
    report["score"] = sum(part["earned"] for part in parts)
    return dict(report)


def vetted_reply(reply: Any, externs: dict[str, str]) -> dict[str, Any]:
    """What an answer's run gave, with every module in it vetted."""
    if isinstance(reply, CheckFailure):
        return {"failure": failure_to_plain(reply)}
    if not isinstance(reply, dict) or set(reply) not in ({"result"}, {"failure"}):
        return {"failure": failure_to_plain(CheckFailure(expected=_JUDGED, found="a reply of another form"))}
    try:
        return {name: _vetted(value, externs) for name, value in reply.items()}
    except Refused as error:
        return {"failure": failure_to_plain(error)}


def _vetted(value: Any, externs: dict[str, str]) -> Any:
    """Plain data with every module in it vetted."""
    if isinstance(value, ModuleText):
        return ModuleText(vet_module(value.text, externs=externs))
    if isinstance(value, dict):
        return {name: _vetted(item, externs) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(_vetted(item, externs) for item in value)
    return value


def _string(value: Any) -> str:
    return value if isinstance(value, str) else ""
