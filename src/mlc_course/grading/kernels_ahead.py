"""Connections to students' kernels; the kernel of the next submission starts while this one is graded.

Most of starting a kernel is waiting until it answers. A kernel started ahead has run nothing, and lies in a box of its own.
"""

import contextlib
import time
from dataclasses import dataclass, field
from typing import Any

from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionComplete
from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_notebook

from mlc_course.grading.kernel import BoxKernelManager
from mlc_course.grading.warm_kernels import WarmKernels

MAX_PAYLOAD = 16 * 2**20
MAX_AGE = 30  # seconds: a box's time is limited, and the notebook needs it


class Client(NotebookClient):
    """Executes single cells in a boxed kernel, and keeps only so much of what they print."""

    km: Any

    def process_message(self, msg: dict[str, Any], cell: NotebookNode, cell_index: int) -> NotebookNode | None:
        size = len(str(msg.get("content", "")))
        self._kept = getattr(self, "_kept", 0) + size
        if self._kept <= MAX_PAYLOAD:
            with contextlib.suppress(LookupError):  # an update of an output that is not there any more
                return super().process_message(msg, cell, cell_index)
        _stop_when_idle(msg)
        return None

    def start_cell(self) -> None:
        """Count the output of the next cell from nothing."""
        self._kept = 0

    async def end(self) -> None:
        """End the kernel, whatever state it is in."""
        manager = self.km
        if manager is not None:
            with contextlib.suppress(Exception):
                await self._async_cleanup_kernel()
            await manager.leave_nothing()


def _stop_when_idle(msg: dict[str, Any]) -> None:
    if msg.get("msg_type") == "status" and msg["content"].get("execution_state") == "idle":
        raise CellExecutionComplete


@dataclass(frozen=True)
class Start:
    """How a kernel is started: with the data files of a folder, an environment, and so many seconds for it."""

    folder: str
    environment: dict[str, str]
    seconds: int


@dataclass
class KernelsAhead:
    """Hands out clients; has one ready, with its kernel, if it was told that another notebook follows.

    Args:
        warm: forks kernels; ``None`` starts them from nothing.
    """

    warm: WarmKernels | None = None
    _ready: tuple[Start, Client, float] | None = field(default=None, repr=False)

    async def take(self, start: Start) -> Client:
        """A client whose kernel has run nothing yet; it may have to be started."""
        if self._ready is not None:
            (started, client, since), self._ready = self._ready, None
            if started == start and time.monotonic() - since < MAX_AGE and await client.km.is_alive():
                return client
            await client.end()
        return self._client(start)

    async def prepare(self, start: Start) -> None:
        """Start a kernel for the next notebook; if that fails, the notebook's own start will say why."""
        since, client = time.monotonic(), self._client(start)
        try:
            await client.async_start_new_kernel(cwd=start.folder, env=start.environment)
            await client.async_start_new_kernel_client()
        except Exception:
            await client.end()
            return
        self._ready = start, client, since

    async def end(self) -> None:
        """End the kernel that nobody took."""
        ready, self._ready = self._ready, None
        if ready is not None:
            await ready[1].end()

    def _client(self, start: Start) -> Client:
        client = Client(
            new_notebook(),
            kernel_manager_class=BoxKernelManager,
            kernel_name="python3",
            startup_timeout=start.seconds,
            allow_errors=True,
            shutdown_kernel="immediate",
            raise_on_iopub_timeout=False,
            record_timing=False,
            coalesce_streams=True,
            extra_arguments=["--IPKernelApp.log_level=CRITICAL", "--HistoryManager.enabled=False"],
        )
        client.reset_execution_trackers()
        manager: Any = client.create_kernel_manager()
        manager.kernels = self.warm
        return client
