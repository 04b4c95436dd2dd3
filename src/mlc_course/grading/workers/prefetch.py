"""Connections to students' kernels; the kernel of the next submission starts while this one is graded.

Most of starting a kernel is waiting until it answers. A kernel started ahead has run nothing, and lies in a box of its own.
"""

import asyncio
import contextlib
import time
from dataclasses import dataclass, field
from typing import Any, Protocol

from jupyter_client.session import Session

from mlc_course.grading.workers.kernel_channels import MAX_CONTENT, Closed, KernelChannel, Message
from mlc_course.grading.workers.kernel_forker import KernelForker
from mlc_course.grading.workers.provisioner import BoxKernelManager

MAX_AGE = 30  # seconds: a box's time is limited, and the notebook needs it
CELL_ALLOWANCE = 32 * 2**20  # bytes of content of what a cell prints and shows that are looked at
NOTEBOOK_ALLOWANCE = 512 * 2**20
SMALL = 4 * 2**10  # bytes of content that is looked at in any case: it may say that the cell has ended
AFTER_REPLY = 4.0  # seconds without a byte after the reply: more of what was printed will not come
AFTER_IDLE = 5.0  # seconds: a kernel replies before it says that it is idle
_ALIVE = 0.25
_OPTIONS = ["--IPKernelApp.log_level=CRITICAL", "--HistoryManager.enabled=False"]


class KernelGone(Exception):
    """The kernel ended, hung up, or does not answer."""


class NoReply(KernelGone):
    """The kernel says that it is idle and has not replied: what runs cells in it was changed."""


class Sink(Protocol):
    """What takes the messages that code causes."""

    def take(self, kind: str, content: dict[str, Any] | None) -> None:
        """Take a message; ``content`` is ``None`` where it was too long."""


@dataclass
class Allowance:
    """Counts what is kept of what a kernel sends, so that beyond a limit it is skipped unread.

    Attributes:
        cell: bytes left to the code that runs.
        notebook: bytes left to all cells together; what hands out an answer is not counted.
    """

    cell: int = CELL_ALLOWANCE
    notebook: int = NOTEBOOK_ALLOWANCE
    counted: bool = True

    def start_cell(self, counted: bool) -> None:
        """Count for another cell."""
        self.cell, self.counted = CELL_ALLOWANCE, counted

    def take(self, size: int) -> bool:
        """Whether a message may be kept."""
        if size <= SMALL:
            return True
        if size > min(self.cell, self.notebook if self.counted else size):
            return False
        self.cell -= size
        self.notebook -= size if self.counted else 0
        return True


class Client:
    """Runs code in one boxed kernel, and keeps nothing of what comes back: it is handed to whoever asked."""

    def __init__(self, manager: BoxKernelManager):
        self.km, self._allowance = manager, Allowance()
        self._shell: KernelChannel | None = None
        self._iopub: KernelChannel | None = None

    async def start(self, folder: str, environment: dict[str, str], seconds: float) -> None:
        """Start the kernel and wait until it answers.

        Raises:
            KernelGone: it did not start, or does not answer in time.
        """
        try:
            await asyncio.wait_for(self._start(folder, environment), seconds)
        except (asyncio.TimeoutError, Closed, OSError, RuntimeError) as error:
            await self.end()
            raise KernelGone(f"the kernel did not start: {type(error).__name__} {error}"[:300]) from error

    async def _start(self, folder: str, environment: dict[str, str]) -> None:
        await self.km.start_kernel(extra_arguments=_OPTIONS, cwd=folder, env=environment)
        self._session = Session(key=self.km.session.key)
        # Nothing is asked on the other channels, so nothing can arrive from them.
        self._shell = await self._connected("shell", "DEALER")
        self._iopub = await self._connected("iopub", "SUB")
        await self._wait_until_ready()

    async def execute(self, source: str, sink: Sink, seconds: float, *, counted: bool = True) -> None:
        """Run code and hand what it prints and shows to ``sink``, in the order in which it comes.

        Args:
            counted: whether that counts as output of the notebook.

        Raises:
            TimeoutError: it did not end in time.
            KernelGone: the kernel ended.
            NoReply: it went on to be idle without a reply.
        """
        began = time.monotonic()
        self._allowance.start_cell(counted)
        asked = self._ask("execute_request", code=source, silent=False, store_history=False, user_expressions={},
                          allow_stdin=False, stop_on_error=False)  # fmt: skip
        tasks = [
            asyncio.create_task(each) for each in (self._replied(asked), self._watch(), self._pass_on(asked, sink))
        ]
        replied, gone, passed_on = tasks
        try:
            done, _ = await asyncio.wait(tasks, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
            if not done:
                raise TimeoutError
            if done == {passed_on}:
                await asyncio.wait((replied, gone), timeout=AFTER_IDLE, return_when=asyncio.FIRST_COMPLETED)
                if not (replied.done() or gone.done()):
                    raise NoReply
            if not replied.done() or replied.exception() is not None:
                raise KernelGone
            await self._until_silent(passed_on, began + seconds)
        except Closed as error:
            raise KernelGone from error
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _until_silent(self, passed_on: "asyncio.Task[None]", deadline: float) -> None:
        """Wait for what was printed before the reply: all of it, unless the kernel stops sending before it is idle."""
        assert self._iopub is not None, "it was started"
        received = -1
        while not passed_on.done() and received != self._iopub.received:
            received = self._iopub.received
            await asyncio.wait((passed_on,), timeout=max(0, min(AFTER_REPLY, deadline - time.monotonic())))
        if passed_on.done():
            passed_on.result()

    async def is_usable(self) -> bool:
        """Whether the kernel still runs."""
        return self._shell is not None and bool(await self.km.is_alive())

    async def end(self) -> None:
        """End the kernel, whatever state it is in."""
        for channel in filter(None, (self._shell, self._iopub)):
            channel.close()
        self._shell = self._iopub = None
        with contextlib.suppress(Exception):
            if await self.km.is_alive():
                await self.km.shutdown_kernel(now=True)
            await self.km.cleanup_resources()
        await self.km.leave_nothing()

    async def _connected(self, channel: str, kind: str) -> KernelChannel:
        path = f"{self.km.ip}-{getattr(self.km, f'{channel}_port')}"
        allowed = self._allowance.take if channel == "iopub" else (lambda size: size <= MAX_CONTENT)
        while await self.km.is_alive():
            with contextlib.suppress(OSError, Closed):  # it does not listen yet, or not in earnest
                return await KernelChannel.open(path, kind, self._session.bsession, allowed)
            await asyncio.sleep(0.005)
        raise Closed("it ended at once")

    async def _wait_until_ready(self) -> None:
        """Until a request is answered and what it causes is seen: before that, what is printed may be lost."""
        while True:
            asked = self._ask("kernel_info_request")
            watch = asyncio.create_task(self._watch())
            seen = asyncio.gather(self._replied(asked), self._pass_on(asked, _Nothing()))
            try:
                await asyncio.wait((watch, seen), timeout=0.5, return_when=asyncio.FIRST_COMPLETED)
                if seen.done() or watch.done():
                    (seen if seen.done() else watch).result()
                    return
            finally:
                watch.cancel()
                seen.cancel()
                await asyncio.gather(watch, seen, return_exceptions=True)

    def _ask(self, kind: str, **content: Any) -> str:
        if self._shell is None:
            raise KernelGone
        message = self._session.msg(kind, content)
        self._shell.send(self._session.serialize(message))
        return str(message["header"]["msg_id"])

    async def _replied(self, asked: str) -> None:
        assert self._shell is not None, "a request was sent"
        while (await self._shell.receive()).parent != asked:
            pass

    async def _pass_on(self, asked: str, sink: Sink) -> None:
        """Hand messages to the sink until the kernel is idle."""
        assert self._iopub is not None, "it was started"
        while True:
            message = await self._iopub.receive()
            if message.parent == asked and not _is_idle(message):
                sink.take(message.kind, message.content)
            elif message.parent == asked:
                return

    async def _watch(self) -> None:
        """Until the kernel has ended."""
        while await self.km.is_alive():
            await asyncio.sleep(_ALIVE)
        raise Closed("the kernel ended")


class _Nothing:
    def take(self, kind: str, content: dict[str, Any] | None) -> None:
        """Keep nothing."""


def _is_idle(message: Message) -> bool:
    return message.kind == "status" and (message.content or {}).get("execution_state") == "idle"


@dataclass(frozen=True)
class Start:
    """How a kernel is started.

    Attributes:
        folder: whose data files it is given.
        seconds: for the start.
        run: seconds that its notebook may take.
    """

    folder: str
    environment: dict[str, str]
    seconds: int
    run: int = 600


@dataclass
class KernelPrefetch:
    """Hands out clients; has one ready, with its kernel, if it was told that another notebook follows.

    Args:
        warm: forks kernels; ``None`` starts them from nothing.
    """

    warm: KernelForker | None = None
    _ready: tuple[Start, Client, float] | None = field(default=None, repr=False)

    async def take(self, start: Start) -> Client:
        """A client whose kernel has run nothing yet.

        Raises:
            KernelGone: it does not start.
        """
        if self._ready is not None:
            (started, client, since), self._ready = self._ready, None
            if started == start and time.monotonic() - since < MAX_AGE and await client.is_usable():
                return client
            await client.end()
        return await self._started(start)

    async def prepare(self, start: Start) -> None:
        """Start a kernel for the next notebook; if that fails, the notebook's own start will say why."""
        since = time.monotonic()
        with contextlib.suppress(Exception):
            self._ready = start, await self._started(start), since

    async def end(self) -> None:
        """End the kernel that nobody took."""
        ready, self._ready = self._ready, None
        if ready is not None:
            await ready[1].end()

    async def _started(self, start: Start) -> Client:
        manager = BoxKernelManager(kernel_name="python3")
        manager.kernels, manager.seconds = self.warm, start.run + MAX_AGE
        client = Client(manager)
        await client.start(start.folder, start.environment, start.seconds)
        return client
