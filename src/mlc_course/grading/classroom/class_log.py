"""One file for what libraries and the processes of a run write to standard error, in place of the terminal."""

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from mlc_course.terminal import printable

MAX_LOG = 4 * 2**20  # bytes that are kept of a run


@contextlib.contextmanager
def quiet_terminal(log: Path) -> Iterator[tuple[IO[str], Path]]:
    """Send what this process and its workers write to standard error to a file, and give the terminal to us alone.

    Args:
        log: written anew, with control characters escaped; removed if nothing was said.

    Yields:
        The terminal, and the file that workers append to meanwhile.
    """
    raw = log.with_suffix(".stderr")
    log.unlink(missing_ok=True)
    raw.write_bytes(b"")
    kept = os.dup(2)
    # Where standard error was replaced in Python, as tests do, it stays what it is.
    replaced = not _leads_to(sys.stderr, 2)
    terminal = sys.stderr if replaced else os.fdopen(os.dup(2), "w", encoding="utf-8", errors="backslashreplace")
    try:
        with raw.open("a", encoding="utf-8", errors="backslashreplace", buffering=1) as file:
            os.dup2(file.fileno(), 2)
            with contextlib.redirect_stderr(file):
                yield terminal, raw
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        if not replaced:
            terminal.close()
        _write_escaped(raw, log)


def _leads_to(stream: IO[str], descriptor: int) -> bool:
    try:
        return stream.fileno() == descriptor
    except (OSError, ValueError, AttributeError):
        return False


def _write_escaped(raw: Path, log: Path) -> None:
    with raw.open("rb") as file:
        said = file.read(MAX_LOG)
        cut = bool(file.read(1))
    raw.unlink()
    if said.strip():
        text = printable(said.decode("utf-8", "backslashreplace"), keep="\n\t")
        log.write_text(text + ("\n… cut …\n" if cut else ""), "utf-8")
