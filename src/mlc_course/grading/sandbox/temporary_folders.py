"""Folders of the host that boxes share, named after the process that made them, so that a later one may clear up."""

import contextlib
import os
import re
import tempfile
from pathlib import Path

from mlc_course.grading.sandbox.bubblewrap import FIRST_PRIVATE_USER, remove

_NAME = re.compile(r"mlc-box-(?P<pid>\d+)-(?P<start>\d+)-\w+")


def make_folder() -> Path:
    """A new folder, closed to everybody else."""
    return Path(tempfile.mkdtemp(prefix=f"mlc-box-{os.getpid()}-{_start(os.getpid())}-"))


def remove_leftovers() -> list[Path]:
    """Remove the folders of processes that are gone without having removed them, and say which.

    Only what ``make_folder`` may have made is touched: folders, no links, of that form of name, which belong to
    this user or, for root, to the user of a box.
    """
    found = []
    for entry in os.scandir(tempfile.gettempdir()):
        match = _NAME.fullmatch(entry.name)
        with contextlib.suppress(FileNotFoundError):  # another one clears up too
            if match and _is_ours(entry) and _start(int(match["pid"])) != int(match["start"]):
                remove(Path(entry.path))
                found.append(Path(entry.path))
    return found


def _start(pid: int) -> int | None:
    """Ticks from the start of the machine to that of a process; ``None`` if there is none.

    The number of a process may be used again, and clocks are set: both leave this as it is.
    """
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19])
    except (FileNotFoundError, ProcessLookupError):
        return None


def _is_ours(entry: "os.DirEntry[str]") -> bool:
    user = entry.stat(follow_symlinks=False).st_uid
    ours = user == os.geteuid() or (os.geteuid() == 0 and user >= FIRST_PRIVATE_USER)
    return ours and entry.is_dir(follow_symlinks=False)
