"""Watches what the kernel does not limit: the memory of all processes of a box together, and a shared folder."""

import contextlib
import threading
from pathlib import Path

import psutil

INTERVAL = 0.25


class Watch:
    """Kills a box that takes too much, from a thread of its own.

    Args:
        process: id of the process that started the box; all its descendants count.
        resident: bytes of memory they may have together, file mappings apart.
        folder: a folder of the host that the box can write to.
        size: bytes that may lie in it.

    Attributes:
        reason: why the box was killed, or ``None``.
    """

    def __init__(self, process: int, resident: int, folder: Path | None = None, size: int = 0):
        self._process, self._resident, self._folder, self._size = process, resident, folder, size
        self._ended = threading.Event()
        self.reason: str | None = None
        threading.Thread(target=self._run, daemon=True).start()

    def stop(self) -> None:
        """Stop watching."""
        self._ended.set()

    def _run(self) -> None:
        while not self._ended.wait(INTERVAL):
            try:
                top = psutil.Process(self._process)
                family = [top, *top.children(recursive=True)]
            except psutil.NoSuchProcess:
                return
            used = sum(_private_memory(p) for p in family)
            if used > self._resident:
                self.reason = f"{used >> 20} MiB of memory"
            elif self._folder and _folder_size(self._folder, self._size) > self._size:
                self.reason = "too many files"
            if self.reason:
                for process in reversed(family):
                    with contextlib.suppress(psutil.NoSuchProcess):
                        process.kill()
                return


def _private_memory(process: psutil.Process) -> int:
    with contextlib.suppress(psutil.Error):
        memory = process.memory_info()
        return memory.rss - getattr(memory, "shared", 0)
    return 0


def _folder_size(folder: Path, enough: int) -> int:
    """Bytes in a folder, a file counting at least one block; stops counting when it is enough."""
    total = 0
    with contextlib.suppress(OSError):
        for path in folder.rglob("*"):
            total += max(path.lstat().st_size, 4096)
            if total > enough:
                break
    return total
