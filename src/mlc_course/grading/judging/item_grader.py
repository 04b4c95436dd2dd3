"""Has one item judged: vets what came out of the student's process, then lets the judges' box and the runners' box talk.

The judges' box never runs a student's code, the runners' box never knows what is expected, and this process,
which keeps the score, loads nothing that a student made.
"""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

from mlc_course.exercises.answers import WANTED
from mlc_course.exercises.failures import unsolved
from mlc_course.exercises.plain import MAX_DEPTH
from mlc_course.exercises.reports import described_parts, failed_parts, part_to_json
from mlc_course.grading.judging.run_requests import JUDGED, LATE, Runs, vetted_reply
from mlc_course.grading.protocol.channel import ChannelClosed, failure_from_plain, text_from_plain
from mlc_course.grading.protocol.codec import ModuleText, pack
from mlc_course.grading.vetting.ir_module import vet_module
from mlc_course.grading.vetting.schedule_trace import vet_trace
from mlc_course.grading.vetting.strict_json import Refused, parse
from mlc_course.grading.workers.fork_client import ForkClient, Job, JobLimits
from mlc_ref.checks.failure import MAX_TEXT, CheckFailure
from mlc_ref.language import LANGUAGES, Text

RunProgram = Callable[[bytes], Awaitable[Any]]
MAX_VALUE = 256 * 2**10
MAX_VALUE_DEPTH = MAX_DEPTH - 4  # it travels inside a message
MAX_SAID = 5 * MAX_TEXT  # characters of a judge's message: a failure has four texts

_JUDGE_ENDED = Text(
    "judging it ended early (too much memory or time, or a crash of the compiler)",
    "评判提前结束（超出内存或时间限制，或编译器崩溃）",
)


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

    def __init__(
        self, stem: str, tasks: list[dict[str, Any]], judge: ForkClient, runner: ForkClient, limits: JobLimits
    ):
        self._stem, self._judge, self._runner, self._limits = stem, judge, runner, limits
        # A judge mostly waits for runs, each with limits of its own; its CPU time is limited as theirs is.
        self._judging = replace(limits, wall=limits.wall * 10)
        self._tasks = {task["name"]: task for task in tasks}
        self._one_at_a_time = asyncio.Lock()

    async def judge(self, item: str, exported: Exported, run_program: RunProgram) -> dict[str, Any] | CheckFailure:
        """The item's report as JSON, or the one reason why there is none."""
        task = self._tasks[item]
        try:
            answer = await asyncio.to_thread(vet_answer, task, exported.message)
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
        conversation = self._judge.job(self._judging)
        job = conversation.__enter__()
        try:
            with Runs(self._runner, self._limits, task) as runs:
                return await self._converse(job, runs, order, run_program, parts)
        except Lost as lost:
            ended = CheckFailure(expected=JUDGED, found=lost.reason)
            lost.report = checked_report(task, _incomplete(task, order, parts, ended))
            raise
        except (ChannelClosed, Refused) as error:
            late = isinstance(error, ChannelClosed) and error.late
            ended = CheckFailure(expected=JUDGED, found=LATE if late else _JUDGE_ENDED)
            return _incomplete(task, order, parts, ended)
        finally:
            # Waits until the judge has ended; the notebook's kernel is listened to meanwhile.
            await asyncio.to_thread(conversation.__exit__, None, None, None)

    async def _converse(
        self, job: Job, runs: Runs, order: dict[str, Any], run_program: RunProgram, parts: list[dict[str, Any]]
    ) -> Any:
        await asyncio.to_thread(job.channel.send, order)
        task = self._tasks[order["item"]]
        externs = task["externs"]
        while True:
            message = await asyncio.to_thread(job.channel.receive, self._limits.wall)
            if not isinstance(message, dict):
                raise ChannelClosed("a message of another form")
            if "report" in message:
                return message["report"]
            if "part" in message and len(parts) < len(task["parts"]):
                parts.append(message["part"])
                continue
            if "failure" in message:
                return failure_from_plain(message["failure"])
            await asyncio.to_thread(job.channel.send, await self._reply(message, runs, run_program, externs))

    async def _reply(
        self, message: dict[str, Any], runs: Runs, run_program: RunProgram, externs: dict[str, str]
    ) -> dict[str, Any]:
        """What running the answer gave: a program runs in the student's process, everything else in the runners' box."""
        if "program" in message:
            reply = await run_program(pack(message["program"]))
            return await asyncio.to_thread(vetted_reply, reply, externs)
        if "loops" in message and runs.loops is None:
            said = vetted_reply(await run_program(pack({"text": True})), {})
            if "failure" in said:
                return said
            runs.loops = said["result"]
        return await asyncio.to_thread(runs.call, message)


def _incomplete(
    task: dict[str, Any], order: dict[str, Any], parts: list[dict[str, Any]], failure: CheckFailure
) -> dict[str, Any]:
    """The report of a judge that ended early: what it said, and no points for the rest."""
    rest = failed_parts(described_parts(task["parts"][len(parts) :]), failure)
    return {**_head(task, order["seed"]), "parts": [*parts, *map(part_to_json, rest)]}


def vet_answer(task: dict[str, Any], message: Any) -> dict[str, Any]:
    """The answer as data the judges' box may load.

    Raises:
        CheckFailure: it is missing, of another kind, or holds what is not accepted.
    """
    message = message if isinstance(message, dict) else {}
    kind, wanted = _string(message.get("kind")), task["kind"]
    if kind == "missing":
        raise unsolved()
    if kind != wanted:
        said = (_string(message.get(name))[:200] for name in ("found", "kind"))
        raise CheckFailure(
            expected=WANTED[wanted], found=text_from_plain(message.get("why")) or next(filter(None, said), "?")
        )
    if wanted == "program":
        return {}
    if wanted == "trace":
        return {"trace": vet_trace(_string(message.get("trace")))}
    if wanted == "value":
        text = _string(message.get("value"))
        return {"value": parse(text, limit=MAX_VALUE, what=WANTED["value"], finite=True, depth=MAX_VALUE_DEPTH)}
    text = message.get("module")
    if not isinstance(text, ModuleText):
        raise CheckFailure(expected=WANTED["module"], found=type(text).__name__)
    return {"module": ModuleText(vet_module(text.text, externs=task["externs"]))}


def checked_report(task: dict[str, Any], report: Any) -> dict[str, Any] | CheckFailure:
    """The report, if it is one of this task: its parts, their points, nothing more than those earned.

    It is made anew of what the task says and of the few things that only the judge knows.
    """
    report = report if isinstance(report, dict) else {}
    found, seed, wanted = report.get("parts"), report.get("seed"), task["parts"]
    found = found if isinstance(found, list) and len(found) == len(wanted) else []
    parts = [_checked_part(part, said) for part, said in zip(wanted, found, strict=False)]
    kept = [part for part in parts if part is not None]
    if len(kept) != len(wanted):
        return CheckFailure(expected=JUDGED, found=Text("a report of another form", "另一种形式的报告"))
    score = sum(part["earned"] for part in kept)
    return {**_head(task, seed if type(seed) is int else None), "score": score, "parts": kept}


def _checked_part(part: dict[str, Any], said: Any) -> dict[str, Any] | None:
    if not isinstance(said, dict):
        return None
    name, points, earned = said.get("name"), said.get("points"), said.get("earned")
    if not isinstance(name, str) or name != part["name"]:
        return None
    if type(points) is not int or points != part["points"] or type(earned) is not int or earned not in (0, points):
        return None
    head = {"name": name, "title": _title(part), "points": points, "earned": earned}
    return {**head, "message": _both(said.get("message")), "hint": _both(said.get("hint"))}


def _head(task: dict[str, Any], seed: int | None) -> dict[str, Any]:
    points = sum(part["points"] for part in task["parts"])
    return {"name": task["name"], "title": _title(task), "points": points, "language": "en", "seed": seed}


def _title(described: dict[str, Any]) -> dict[str, str]:
    return dict(zip(("en", "zh"), described["title"], strict=True))


def _both(text: Any) -> dict[Any, str] | None:
    """A text in both languages, cut, or ``None`` if it is none."""
    text = text if isinstance(text, dict) else {}
    said = {language: each[:MAX_SAID] for language in LANGUAGES if isinstance(each := text.get(language), str)}
    return said if len(said) == len(LANGUAGES) else None


def _string(value: Any) -> str:
    return value if isinstance(value, str) else ""
