"""Watches what the kernel does not limit: memory and open files of all processes of a box together, a shared folder."""

import contextlib
import os
import signal
import threading
from collections.abc import Sequence
from pathlib import Path

import psutil

INTERVAL = 0.25
MAX_OPEN = 4096  # a socket may hold some 200 KiB that belong to no process

# Whether this kernel lists the children of a process; otherwise all processes are looked at, which takes longer.
_LISTED = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").exists()


class Watch:
    """Kills a box that takes too much, from a thread of its own.

    Args:
        processes: ids of the process that started the box, and of one that entered it; their descendants count.
        resident: bytes of memory they may have together, mapped files apart.
        folder: a folder of the host that the box can write to.
        size: bytes that may lie in it.

    Attributes:
        reason: why the box was killed, or ``None``.
    """

    def __init__(self, processes: Sequence[int], resident: int, folder: Path | None = None, size: int = 0):
        self._processes, self._resident, self._folder, self._size = processes, resident, folder, size
        self._ended = threading.Event()
        self.reason: str | None = None
        threading.Thread(target=self._run, daemon=True).start()

    def stop(self) -> None:
        """Stop watching."""
        self._ended.set()

    def _run(self) -> None:
        while not self._ended.wait(INTERVAL):
            family = _family(self._processes)
            if not family:
                return
            try:
                self.reason = self._too_much(family)
            except Exception as error:  # what cannot be watched is not left to run
                self.reason = f"watching it failed: {error}"
            if self.reason:
                for process in reversed(family):
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(process, signal.SIGKILL)
                return

    def _too_much(self, family: list[int]) -> str | None:
        used, opened = _use(family)
        if used > self._resident:
            return f"{used >> 20} MiB of memory"
        if opened > MAX_OPEN:
            return f"{opened} open files"
        if self._folder and _folder_size(self._folder, self._size) > self._size:
            return "too many files"
        return None


def _family(processes: Sequence[int]) -> list[int]:
    """Those processes that still run, and their descendants."""
    found: dict[int, None] = {}
    left = list(processes)
    while left:
        number = left.pop()
        children = _children(number)
        if children is not None and number not in found:
            found[number] = None
            left += children
    return list(found)


def _children(number: int) -> list[int] | None:
    """The children of a process, of all its threads; ``None`` if it has ended."""
    try:
        if not _LISTED:
            return [child.pid for child in psutil.Process(number).children()]
        threads = list(Path(f"/proc/{number}/task").iterdir())
    except (OSError, psutil.NoSuchProcess):
        return None
    found: list[int] = []
    for thread in threads:
        with contextlib.suppress(OSError):
            found += map(int, (thread / "children").read_text().split())
    return found


def _use(processes: list[int]) -> tuple[int, int]:
    """Bytes of memory that are no file's, and open files."""
    memory = files = 0
    for process in processes:
        with contextlib.suppress(OSError, ValueError):  # it ended in this moment
            fields = dict(line.split(":", 1) for line in Path(f"/proc/{process}/status").read_text().splitlines())
            # What processes share without a file counts for each: who shares much is stopped earlier.
            memory += sum(int(fields.get(name, "0").split()[0]) << 10 for name in ("RssAnon", "RssShmem"))
            files += len(os.listdir(f"/proc/{process}/fd"))
    return memory, files


def _folder_size(folder: Path, enough: int) -> int:
    """Bytes in a folder, a file counting at least one block; stops counting when it is enough.

    A folder that cannot be looked into is enough: it was made so.
    """
    total, left = 0, [str(folder)]
    while left and total <= enough:
        try:
            with os.scandir(left.pop()) as entries:
                for entry in entries:
                    total += max(entry.stat(follow_symlinks=False).st_size, 4096)
                    left += [entry.path] if entry.is_dir(follow_symlinks=False) else []
        except FileNotFoundError:
            continue
        except OSError:
            return enough + 1
    return total
