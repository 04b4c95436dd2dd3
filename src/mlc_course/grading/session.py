"""Run a student's notebook in a box, cell by cell, and have each item judged where the student's code cannot reach.

A cell that kills the kernel or takes too long costs only what depends on it: the notebook is run again in a
fresh box without that cell, and what was judged stays judged.
"""

import asyncio
import base64
import copy
import time
from dataclasses import dataclass, field
from typing import Any

from nbclient.exceptions import CellTimeoutError
from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_code_cell, new_output

from mlc_course.exercises.source import CheckCall, answer_id
from mlc_course.grading.assessor import Assessor, Exported, Lost
from mlc_course.grading.inside import MIME
from mlc_course.grading.kernels_ahead import MAX_PAYLOAD, Client, KernelsAhead, Start
from mlc_course.grading.strict_json import Refused
from mlc_course.grading.wire import unpack
from mlc_ref.checks.failure import CheckFailure
from mlc_ref.language import Text, parse_language

MAX_OUTPUT = 1 * 2**20  # bytes of output kept of one cell
STARTS = 4


@dataclass(frozen=True)
class Times:
    """Seconds: of one cell, of handing out or calling one answer, and of the whole notebook."""

    cell: int = 120
    answer: int = 60
    notebook: int = 600


_LATE = Text("it took too long and was stopped", "运行超时，已被终止")
_DEAD = Text(
    "it ended the Python process (a crash in native code, or more than the memory, time or processes allowed)",
    "它使 Python 进程结束（本地代码崩溃，或超出内存、时间、进程数限制）",
)
_NO_TIME = Text("the notebook used up its time before this item", "笔记本在本题之前已用完时间")
_RUNS = Text("an answer cell that runs", "能够运行的答案单元")


@dataclass
class Session:
    """One notebook being graded.

    Attributes:
        checks: cell index to what its check cell asks, for the items to judge.
        assessor: judges what the notebook hands out.
        kernels: hands out the student's kernel.
        another_follows: have the next notebook's kernel started while this one runs.
        outcomes: item to failure or report, filled while the notebook runs.
    """

    notebook: NotebookNode
    checks: dict[int, CheckCall]
    assessor: Assessor
    folder: str
    environment: dict[str, str]
    times: Times = field(default_factory=Times)
    kernels: KernelsAhead = field(default_factory=KernelsAhead)
    another_follows: bool = False
    skipped: set[int] = field(default_factory=set)
    outcomes: dict[str, Any] = field(default_factory=dict)

    async def run(self) -> None:
        """Run all cells and judge all items; never raises for what a student did."""
        self._deadline = time.monotonic() + self.times.notebook
        self._judging: dict[str, asyncio.Task[Any]] = {}
        self._next: asyncio.Task[None] | None = None
        self._ended: dict[str | None, Text] = {}  # cells that ended the process or were stopped
        for _ in range(STARTS):
            try:
                if await self._pass():
                    break
            except Lost:
                continue
            if time.monotonic() > self._deadline:
                break
        for item, task in self._judging.items():
            self.outcomes[item] = await task
        if self._next is not None:
            await self._next
        for call in self.checks.values():
            self.outcomes.setdefault(call.item, CheckFailure(expected=_RUNS, found=_NO_TIME))

    async def _pass(self) -> bool:
        """Run the notebook once in a fresh kernel; whether it came to its end."""
        start = Start(self.folder, self.environment, self.times.cell)
        client = await self.kernels.take(start)
        manager = client.km
        # nbclient puts every cell it executes into its own notebook, those that only ask a question too.
        client.nb = copy.deepcopy(self.notebook)
        try:
            async with client.async_setup_kernel(cwd=self.folder, env=self.environment):
                if self.another_follows and self._next is None:
                    self._next = asyncio.create_task(self.kernels.prepare(start))
                for index, cell in enumerate(self.notebook.cells):
                    if cell.cell_type == "code" and index not in self.skipped:
                        await self._cell(client, index, cell)
        except Lost:
            raise
        except RuntimeError as error:  # the kernel did not start
            raise Lost(Text(str(error)[:200], str(error)[:200])) from error
        finally:
            await manager.leave_nothing()
        return True

    async def _cell(self, client: Client, index: int, cell: NotebookNode) -> None:
        if time.monotonic() > self._deadline:
            raise Lost(_NO_TIME)
        try:
            if index in self.checks:
                await self._check(client, index)
            else:
                await self._execute(client, cell, index, self.times.cell)
                cut_outputs(cell)
        except Lost as lost:
            self.skipped.add(index)
            call = self.checks.get(index)
            if call:
                self.outcomes[call.item] = lost.report or CheckFailure(expected=_RUNS, found=lost.reason)
            else:
                self._ended[cell.metadata.get("nbgrader", {}).get("grade_id")] = lost.reason
                said = lost.reason.get(parse_language(self.environment["MLC_LANG"]))
                cell.outputs = [new_output("error", ename="Stopped", evalue=said, traceback=[said])]
            raise

    async def _execute(self, client: Client, cell: NotebookNode, index: int, seconds: int) -> None:
        client.timeout = seconds
        client.start_cell()
        client.nb.cells[index] = cell  # where updates of its outputs go
        try:
            await client.async_execute_cell(cell, index, store_history=False)
        except CellTimeoutError as error:
            raise Lost(_LATE) from error
        except Exception as error:
            # The kernel died, or was tampered with and sent what nbclient trips over, in whatever way.
            raise Lost(_DEAD) from error

    async def _check(self, client: Client, index: int) -> None:
        call = self.checks[index]
        source = f"import mlc_course.grading.inside as _mlc; _mlc.export({call.item!r}, {call.answer})"
        message = await self._ask(client, index, source)

        async def run_program(request: bytes) -> Any:
            code = f"_mlc.call({call.item!r}, {base64.b64encode(request).decode()!r})"
            return await self._ask(client, index, f"import mlc_course.grading.inside as _mlc; {code}")

        self.skipped.add(index)
        if isinstance(message, CheckFailure):
            ended = self._ended.get(answer_id(call.item))  # says more than that a name is not defined
            self.outcomes[call.item] = CheckFailure(expected=_RUNS, found=ended) if ended else message
            return
        judged = self.assessor.judge(call.item, Exported(message), run_program)
        if self.assessor.needs_kernel(call.item):
            self.outcomes[call.item] = await judged
        else:  # judged while the notebook goes on
            self._judging[call.item] = asyncio.create_task(judged)

    async def _ask(self, client: Client, index: int, source: str) -> Any:
        """Run code in the kernel and take the message it shows, or the failure it raised."""
        cell = new_code_cell(source)
        await self._execute(client, cell, index, self.times.answer)
        for output in cell.outputs:
            if output.output_type == "error":
                return _failure_of_output(output)
            payload = output.get("data", {}).get(MIME) if output.output_type == "execute_result" else None
            if payload is not None:
                return await asyncio.to_thread(opened, payload)
        return CheckFailure(expected=_RUNS, found=Text("no answer came out", "没有得到答案"))


def opened(payload: Any) -> Any:
    """What a parcel holds, or why it is not accepted."""
    try:
        return unpack(base64.b64decode(str(payload), validate=True), MAX_PAYLOAD)
    except Refused as error:
        return error
    except ValueError:  # no base64, or not even ASCII
        return CheckFailure(expected=_RUNS, found=Text("a malformed message", "格式错误的消息"))


def _failure_of_output(output: Any) -> CheckFailure:
    from mlc_course.exercises.failures import unsolved

    name, value = str(output.get("ename", ""))[:100], str(output.get("evalue", ""))[:500]
    if name == "NotImplementedError":
        return unsolved()
    return CheckFailure(expected=_RUNS, found=Text.code(f"{name}: {value}"))


def cut_outputs(cell: NotebookNode) -> None:
    """Keep text and pictures, so much of them, in the form a notebook has to have: the messages may be forged."""
    kept, left = [], MAX_OUTPUT
    for output in filter(None, map(_plain_output, cell.outputs)):
        left -= len(str(output))
        if left < 0:
            kept.append(new_output("stream", name="stdout", text="… output cut …\n"))
            break
        kept.append(output)
    cell.outputs = kept


def _plain_output(output: NotebookNode) -> NotebookNode | None:
    kind = output.output_type
    if kind == "stream":
        name = "stderr" if output.get("name") == "stderr" else "stdout"
        return new_output("stream", name=name, text=_text(output.get("text")))
    if kind == "error":
        lines = output.get("traceback")
        traceback = [_text(line) for line in lines] if isinstance(lines, list) else []
        texts = {name: _text(output.get(name)) for name in ("ename", "evalue")}
        return new_output("error", **texts, traceback=traceback)
    if kind in ("execute_result", "display_data"):
        # A page made of the notebook must not run what a student wrote: no HTML, no SVG, no scripts.
        said = output.get("data")
        data = {k: _text(said.get(k)) for k in ("text/plain", "image/png")} if isinstance(said, dict) else {}
        return new_output(kind, data={k: v for k, v in data.items() if v})
    return None


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
