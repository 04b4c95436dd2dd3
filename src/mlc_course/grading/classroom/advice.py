"""What to do when the machine, not a submission, is in the way of grading: a sentence for each trouble."""

import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager

_LOST = "Nothing is lost: run the command again afterwards, it goes on where it was."
_LOCKED = "Another program holds the gradebook (an nbgrader command, a formgrader, a database browser): end it or wait."
_FULL = "The disk is full, or your quota is used up: make room."
_CLOSED = (
    "The course folder cannot be written: make it yours (`chmod -R u+w .`), or copy it to a place where you may write."
)
_NOT_ONE = (
    "`gradebook.db` is damaged or something else: put your backup in its place, or take it away and release again."
)
_OLD = "The gradebook was made by another version of nbgrader: back it up, then run `nbgrader db upgrade`."
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
    "file is not a database": _NOT_ONE,
    "database disk image is malformed": _NOT_ONE,
    "no such column": _OLD,
}

# The last line of a traceback; what nbgrader raises about having seen one says nothing.
_RAISED = re.compile(
    r"(?!.*NbGraderException)[A-Za-z_][\w.]*(Error|Exception|Entry|Warning|Exceeded|Interrupt|Exit|Refused)\b(:|$)"
)


def advice(text: str) -> str:
    """The trouble an error's text or a log tells of, and what to do about it; empty if it is none of these."""
    found = [f"{symptom}. {told}" for symptom, told in _ADVICE.items() if symptom in text]
    return f"{found[0]} {_LOST}" if found else ""


def reason(log: str) -> str:
    """The line of a log of nbgrader's that says why a step failed: what was raised, or else the last line."""
    lines = [line.strip() for line in log.splitlines() if line.strip()]
    raised = [line for line in lines if _RAISED.match(line)]
    return advice(log) or (raised or lines or ["no reason was given"])[-1]


def reason_of(error: BaseException) -> str:
    """What an exception says, with its kind, or what to do about it."""
    return advice(str(error)) or f"{type(error).__name__}: {error}"


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
