"""Has an answer run in the runners' box, and vets all that comes back."""

import signal
from contextlib import ExitStack
from typing import Any

from mlc_course.grading.protocol.channel import ChannelClosed, failure_to_plain
from mlc_course.grading.protocol.codec import ModuleText, pack
from mlc_course.grading.vetting.ir_module import vet_module
from mlc_course.grading.vetting.strict_json import Refused
from mlc_course.grading.workers.fork_client import ForkClient, Job, JobLimits
from mlc_ref.checks.failure import CheckFailure
from mlc_ref.language import Text

JUDGED = Text("an answer that can be judged within the limits", "一个能在限制之内评判的答案")
_CRASHED = Text(
    "the process that ran it was killed (signal {signal}: reading or writing outside a buffer, or more memory than allowed)",
    "运行它的进程被终止（信号 {signal}：读写越过缓冲区，或超出内存限制）",
)
LATE = Text("it did not end in time", "未在规定时间内结束")


class Runs:
    """The conversations with the runners' box that judging one item needs: one for each thing that is run.

    Attributes:
        loops: the text of a function that goes element by element, as the student's process gave it.
    """

    def __init__(self, runner: ForkClient, limits: JobLimits, task: dict[str, Any]):
        self._runner, self._limits = runner, limits
        # A trace was replayed on the task's own module: its tensor intrinsics may call what no answer may.
        self._own = task["kind"] == "trace"
        self._externs = {name: text for name, text in task["externs"].items() if text}  # the others are not run,
        self._named = set(task["externs"]) - set(self._externs)  # unless a check gives a function for one
        self._stack = ExitStack()
        self._started: bytes | None = None
        self._too_slow: bytes | None = None  # what was stopped once is not waited for again
        self.loops: Any = None
        self._job: Job | None = None

    def __enter__(self) -> "Runs":
        return self

    def __exit__(self, *_error: object) -> None:
        self._stack.close()

    def call(self, message: dict[str, Any]) -> dict[str, Any]:
        """Make ready what is to be run, if it is another thing than last time, call it, and return arrays or a failure."""
        try:
            ((kind, asked),) = message.items()
            order = self._order(kind, asked)
            if pack(order) == self._too_slow:
                return {"failure": failure_to_plain(CheckFailure(expected=JUDGED, found=LATE))}
            started = self._start(order)
            if "failure" in started:
                self._forget()
                return vetted_reply({"failure": started["failure"]}, {})
            assert self._job is not None, "it was started"
            self._job.channel.send(asked)
            return vetted_reply(self._job.channel.receive(self._limits.wall), {})
        except Refused as error:
            return {"failure": failure_to_plain(error)}
        except ChannelClosed as error:
            return {"failure": failure_to_plain(self._ended(error))}

    def _order(self, kind: str, asked: dict[str, Any]) -> dict[str, Any]:
        """What is to be made ready: the text of loops, a library, or a vetted module with what it may call."""
        if kind == "loops":
            return {"loops": self.loops}
        if kind == "library":
            return {"file": asked.pop("file")}
        text, libraries = asked.pop("text"), asked.pop("libraries")
        if not self._own:
            named = {name: "" for name in libraries if name in self._named}
            text = ModuleText(vet_module(text.text, externs={**self._externs, **named}))
        return {"text": text, "libraries": libraries}

    def _start(self, order: dict[str, Any]) -> dict[str, Any]:
        if self._job is not None and self._started == pack(order):
            return {"ready": True}
        self._stack.close()
        self._job, self._started = self._stack.enter_context(self._runner.job(self._limits)), pack(order)
        self._job.channel.send(order)
        said = self._job.channel.receive(self._limits.wall)
        return said if isinstance(said, dict) else {"failure": None}

    def _ended(self, error: ChannelClosed) -> CheckFailure:
        job = self._job
        self._forget()
        ending = (job.ending if job else None) or {}
        late = error.late or ending.get("late") or ending.get("signal") == signal.SIGXCPU
        self._too_slow = self._started if late else self._too_slow
        found = LATE if late else _CRASHED.format(signal=ending.get("signal") or "?")
        return CheckFailure(expected=JUDGED, found=found)

    def _forget(self) -> None:
        self._stack.close()
        self._job = None


def vetted_reply(reply: Any, externs: dict[str, str]) -> dict[str, Any]:
    """What an answer's run gave, with every module in it vetted."""
    if isinstance(reply, CheckFailure):
        return {"failure": failure_to_plain(reply)}
    if not isinstance(reply, dict) or set(reply) not in ({"result"}, {"failure"}):
        return {
            "failure": failure_to_plain(
                CheckFailure(expected=JUDGED, found=Text("a reply of another form", "另一种形式的回答"))
            )
        }
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
