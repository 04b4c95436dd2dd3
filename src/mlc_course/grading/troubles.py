"""What to do when the machine, not a submission, is in the way of grading: a sentence for each trouble."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager

_LOST = "Nothing is lost: run the command again afterwards, it goes on where it was."
_LOCKED = "Another program holds the gradebook (an nbgrader command, a formgrader, a database browser): end it or wait."
_FULL = "The disk is full, or your quota is used up: make room."
_CLOSED = (
    "The course folder cannot be written: make it yours (`chmod -R u+w .`), or copy it to a place where you may write."
)
_ADVICE = {
    "database is locked": _LOCKED,
    "disk is full": _FULL,
    "disk I/O error": _FULL,
    "No space left on device": _FULL,
    "Disk quota exceeded": _FULL,
    "readonly database": _CLOSED,
    "unable to open database file": _CLOSED,
    "Read-only file system": _CLOSED,
    "Permission denied": _CLOSED,
}


def advice(text: str) -> str:
    """The trouble an error's text or a log tells of, and what to do about it; empty if it is none of these."""
    found = [f"{symptom}. {told}" for symptom, told in _ADVICE.items() if symptom in text]
    return f"{found[0]} {_LOST}" if found else ""


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Put Ctrl-C off until the block is done; nbgrader would take it for a failure of the submission it is at."""
    came: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _frame: came.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if came:
        raise KeyboardInterrupt
