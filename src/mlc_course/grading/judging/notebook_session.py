"""Run a student's notebook in a box, cell by cell, and have each item judged where the student's code cannot reach.

A cell that kills the kernel or takes too long costs only what depends on it: the notebook is run again in a
fresh box without that cell, and what was judged stays judged.
"""

import asyncio
import base64
import logging
import re
import time
import traceback
from collections.abc import Awaitable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nbformat.notebooknode import NotebookNode

from mlc_course.exercises.notebooks import grade_id
from mlc_course.exercises.source import CheckCall, answer_id
from mlc_course.grading.judging import reasons
from mlc_course.grading.judging.item_grader import Assessor, Exported, Lost
from mlc_course.grading.judging.parcels import RUNS, Said
from mlc_course.grading.judging.times import Times
from mlc_course.grading.vetting.cell_outputs import MAX_OUTPUT, CellOutputs
from mlc_course.grading.workers.fork_client import ForkServerFailed
from mlc_course.grading.workers.prefetch import Client, KernelGone, KernelPrefetch, NoReply, Sink, Start
from mlc_ref.checks.failure import CheckFailure
from mlc_ref.language import Text, parse_language

MAX_NOTEBOOK_OUTPUT = 16 * 2**20  # characters of output kept of a whole notebook
SETUP = 20  # seconds that a cell gets on which answers depend, whatever other cells took
FAILED_STARTS = 5  # kernels that do not start one after the other
_REST = 0.5  # seconds before another start, doubled each time: what was killed may not have ended yet
_UPDATED = 16 * 2**10  # characters to which an output may grow after its cell has ended
_TIMED = re.compile(r"\A\s*%%time[ \t]*\n")  # what it runs has no text that could be found, and checks may ask for it
_log = logging.getLogger(__name__)


@dataclass
class Session:
    """One notebook being graded.

    Attributes:
        checks: cell index to what its check cell asks, for the items to judge.
        assessor: judges what the notebook hands out.
        kernels: hands out the student's kernel.
        another_follows: have the next notebook's kernel started while this one runs.
        outcomes: item to failure or report, filled while the notebook runs.
        unjudged: item to what went wrong in the grader, so that there is no outcome the answer has earned.
    """

    notebook: NotebookNode
    checks: dict[int, CheckCall]
    assessor: Assessor
    folder: str
    environment: dict[str, str]
    times: Times = field(default_factory=Times)
    kernels: KernelPrefetch = field(default_factory=KernelPrefetch)
    another_follows: bool = False
    skipped: set[int] = field(default_factory=set)
    outcomes: dict[str, Any] = field(default_factory=dict)
    unjudged: dict[str, Text] = field(default_factory=dict)

    async def run(self) -> None:
        """Run all cells and judge all items.

        Raises:
            ForkServerFailed: this machine cannot judge anything. It never raises for what a student did.
        """
        self._prepare()
        try:
            await self._run_passes()
            for item, task in self._judging.items():
                self.outcomes[item] = await task
        except ForkServerFailed:
            raise
        except Exception as error:
            self._judge_no_more(error)
        finally:
            for task in self._judging.values():
                task.cancel()
            if self._next is not None:
                await self._next
            self._show_outputs()
        for call in self.checks.values():
            self.outcomes.setdefault(call.item, self._no_time(call.item))

    def _prepare(self) -> None:
        self._spent: dict[str | None, float] = {}
        self._judging: dict[str, asyncio.Task[Any]] = {}
        self._next: asyncio.Task[None] | None = None
        self._ended: dict[str | None, Text] = {}  # cells that ended the process or were stopped
        self._outputs: dict[int, CellOutputs] = {}
        self._displays: dict[str, Any] = {}
        self._printed = 0
        code = [index for index, cell in enumerate(self.notebook.cells) if cell.cell_type == "code"]
        self._first = min((index for index in code if self.notebook.cells[index].source.strip()), default=-1)
        answers = {answer_id(call.item): call.item for call in self.checks.values()}
        self._items = {
            index: self.checks[index].item if index in self.checks else answers.get(grade_id(cell) or "")
            for index, cell in enumerate(self.notebook.cells)
        }

    async def _run_passes(self) -> None:
        """Run the notebook until a run comes to its end; each that does not leaves out one cell more."""
        failed, charged = 0, None
        while True:
            before, began = len(self.skipped), time.monotonic()
            try:
                client = await self.kernels.take(self._start())
            except KernelGone:
                failed += 1
                if failed >= FAILED_STARTS:
                    raise
                await asyncio.sleep(_REST * 2 ** (failed - 1))
                continue
            failed = 0
            if before and charged in self._spent:
                self._spent[charged] += time.monotonic() - began
            try:
                await self._pass(client)
                return
            except Lost:
                assert len(self.skipped) > before, "the cell that was at fault is left out"
                charged = self._items[self._at]
            finally:
                await client.end()

    def _start(self) -> Start:
        items = len({call.item for call in self.checks.values()})
        # Judging takes time too, while the kernel waits.
        seconds = self.times.notebook + items * self.times.item + 3600
        return Start(self.folder, self.environment, self.times.cell, seconds)

    async def _pass(self, client: Client) -> None:
        """Run the notebook once in a fresh kernel."""
        if self.another_follows and self._next is None:
            self._next = asyncio.create_task(self.kernels.prepare(self._start()))
        for index, cell in enumerate(self.notebook.cells):
            if cell.cell_type == "code" and index not in self.skipped:
                self._at = index
                await self._cell(client, index, cell)

    async def _cell(self, client: Client, index: int, cell: NotebookNode) -> None:
        call = self.checks.get(index)
        if self._left(index) <= 0:
            self._leave_out(index, cell)
            return
        try:
            if call is not None:
                await self._check(client, index)
            elif cell.source.strip():
                await self._execute(client, _TIMED.sub("", cell.source), index, self.times.cell, self._collect(index))
        except Lost as lost:
            self._give_up(index, lost)
            raise
        except ForkServerFailed:
            raise
        except Exception as error:
            self.skipped.add(index)
            if call is not None:
                self.outcomes[call.item] = self._internal(call.item, error)
        finally:
            self._finish(index)

    def _left(self, index: int) -> float:
        """Seconds that a cell may take; the first one and those of the assignment, which answers need, always get some."""
        item = self._items[index]
        if item is not None:
            return self.times.item - self._spent.get(item, 0)
        left = self.times.notebook - self._spent.get(None, 0)
        return max(left, SETUP) if index == self._first or _is_locked(self.notebook.cells[index]) else left

    def _leave_out(self, index: int, cell: NotebookNode) -> None:
        self.skipped.add(index)
        item = self._items[index]
        reason = self._no_time(item).found
        if index in self.checks:
            ended = self._ended.get(answer_id(str(item)), reason)  # says more: which cell took the time
            self.outcomes.setdefault(str(item), CheckFailure(expected=RUNS, found=ended))
        else:
            self._ended.setdefault(grade_id(cell), reason)
            self._say_stopped(index, reason)

    def _no_time(self, item: str | None) -> CheckFailure:
        seconds = self.times.notebook if item is None else self.times.item
        return CheckFailure(expected=RUNS, found=reasons.NO_TIME.format(seconds=seconds))

    def _give_up(self, index: int, lost: Lost) -> None:
        """Leave out a cell that ended the kernel or did not end."""
        self.skipped.add(index)
        call = self.checks.get(index)
        if call is not None:
            self.outcomes[call.item] = lost.report or CheckFailure(expected=RUNS, found=lost.reason)
        else:
            self._ended[grade_id(self.notebook.cells[index])] = lost.reason
            self._say_stopped(index, lost.reason)

    async def _execute(self, client: Client, source: str, index: int, seconds: float, sink: Sink) -> None:
        began = time.monotonic()
        try:
            counted = index not in self.checks
            await client.execute(source, sink, max(0.1, min(seconds, self._left(index))), counted=counted)
        except TimeoutError as error:
            raise Lost(reasons.LATE) from error
        except NoReply as error:
            raise Lost(reasons.NO_REPLY) from error
        except KernelGone as error:
            raise Lost(reasons.DEAD) from error
        finally:
            item = self._items[index]
            self._spent[item] = self._spent.get(item, 0) + time.monotonic() - began

    async def _check(self, client: Client, index: int) -> None:
        call = self.checks[index]
        source = f"import mlc_course.grading.in_box.endpoint as _mlc; _mlc.export({call.item!r}, {call.answer})"
        message = await self._ask(client, index, source)

        async def run_program(request: bytes) -> Any:
            code = f"_mlc.call({call.item!r}, {base64.b64encode(request).decode()!r})"
            return await self._ask(client, index, f"import mlc_course.grading.in_box.endpoint as _mlc; {code}")

        self.skipped.add(index)
        if isinstance(message, CheckFailure):
            ended = self._ended.get(answer_id(call.item))  # says more than that a name is not defined
            self.outcomes[call.item] = CheckFailure(expected=RUNS, found=ended) if ended else message
            return
        judged = self.assessor.judge(call.item, Exported(message), run_program)
        if self.assessor.needs_kernel(call.item):
            self.outcomes[call.item] = await judged
        else:  # judged while the notebook goes on
            self._judging[call.item] = asyncio.create_task(self._guarded(call.item, judged))

    async def _guarded(self, item: str, judged: Awaitable[Any]) -> Any:
        try:
            return await judged
        except ForkServerFailed:
            raise
        except Exception as error:
            return self._internal(item, error)

    async def _ask(self, client: Client, index: int, source: str, seconds: int | None = None) -> Any:
        """Run code in the kernel and take the message it shows, or the failure it raised."""
        if self._left(index) <= 0:
            raise Lost(self._no_time(self._items[index]).found)
        said = Said()
        await self._execute(client, source, index, seconds or self.times.answer, said)
        return await asyncio.to_thread(said.opened)

    def _internal(self, item: str, error: BaseException) -> CheckFailure:
        """The outcome of an item that this program could not judge; the instructor is told where it happened."""
        kind = type(error).__name__
        places = [f"{Path(frame.filename).name}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)]
        told = f"{kind}: {str(error)[:300]} ({' '.join(places[-3:])})"
        self.unjudged[item] = Text(f"internal error: {told}", f"内部错误：{told}")
        _log.debug("%s", item, exc_info=error)
        return CheckFailure(expected=RUNS, found=reasons.INTERNAL.format(kind=kind))

    def _judge_no_more(self, error: Exception) -> None:
        for item in {call.item for call in self.checks.values()} - set(self.outcomes):
            self.outcomes[item] = self._internal(item, error)

    def _collect(self, index: int) -> CellOutputs:
        if index in self._outputs:  # of an earlier run
            self._printed -= self._outputs[index].size
        left = max(0, MAX_NOTEBOOK_OUTPUT - self._printed)
        self._outputs[index] = CellOutputs(min(MAX_OUTPUT, left), self._displays)
        return self._outputs[index]

    def _finish(self, index: int) -> None:
        outputs = self._outputs.get(index)
        if outputs is not None:
            self._printed += outputs.size
            outputs.limit = max(outputs.size, _UPDATED)

    def _say_stopped(self, index: int, reason: Text) -> None:
        said = reason.get(parse_language(self.environment["MLC_LANG"]))
        outputs = self._outputs.setdefault(index, CellOutputs(MAX_OUTPUT, self._displays))
        outputs.take("error", {"ename": "Stopped", "evalue": said, "traceback": [said]})

    def _show_outputs(self) -> None:
        for index, outputs in self._outputs.items():
            self.notebook.cells[index].outputs = outputs.plain()


def _is_locked(cell: NotebookNode) -> bool:
    """Whether a cell is the assignment's own, put back as it was handed out."""
    return bool(cell.metadata.get("nbgrader", {}).get("locked"))
