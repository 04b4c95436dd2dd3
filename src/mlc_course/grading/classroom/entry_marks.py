"""What was entered into the gradebook of each student, kept beside the results: a mark, ``<student>.entered``.

A mark is compared with what the gradebook holds now. It says nothing by itself: a gradebook may have been
remade, put back from a backup, or changed by hand.
"""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mlc_course.grading.classroom.gradebook import time_in
from mlc_course.grading.classroom.standing import Standing, with_zone

MAX_NAME = 200  # bytes of a file's name; the system allows 255


@dataclass(frozen=True)
class Entry:
    """What should be in the gradebook: which result, by which checks, for which points, of a file with which time."""

    result: str
    version: str
    points: dict[str, float]
    stamp: Path

    def compared(self, standing: Standing) -> dict[str, Any]:
        """All that must be as it was, for the gradebook to hold this result."""
        return {
            "result": self.result,
            "checks": self.version,
            "points": self.points,
            "automatic": standing.automatic,
            "penalty": standing.penalty,
            "handed_in": with_zone(standing.timestamp),
            "due": with_zone(standing.due),
        }


def is_entered(mark: Path, entry: Entry, standing: Standing | None) -> bool:
    """Whether the gradebook holds what was entered when the mark was made, and that is this entry."""
    # nbgrader takes a submission for graded only while the file says the same time as the gradebook.
    if standing is None or time_in(entry.stamp) != standing.timestamp:
        return False
    return _lasting(read_mark(mark)) == _lasting(entry.compared(standing))


def _lasting(said: dict[str, Any]) -> dict[str, Any]:
    """What does not follow from a rule or a due date, which may be changed without grading anything again."""
    return {name: value for name, value in said.items() if name not in ("file", "penalty", "due")}


def penalty_may_differ(mark: Path, entry: Entry, standing: Standing) -> bool:
    """Whether the penalty has to be worked out anew: for late work always, since points and rules change."""
    late = standing.timestamp is not None and standing.due is not None and standing.timestamp > standing.due
    before, now = read_mark(mark), entry.compared(standing)
    return late or any(before.get(name) != now[name] for name in ("penalty", "due"))


def mark_of(results: Path, student: str) -> Path:
    """The file of a student's mark; a name too long for one is replaced by its digest."""
    name = student.encode("utf-8", "surrogateescape")
    return results / f"{student if len(name) <= MAX_NAME else hashlib.sha256(name).hexdigest()}.entered"


def read_mark(mark: Path) -> dict[str, Any]:
    """What a mark says; nothing if there is none, or if it is damaged."""
    try:
        said = json.loads(mark.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def file_identity(notebook: Path) -> str:
    """What stays as it is when a file's folder is renamed, and differs for every other file; empty for none."""
    try:
        info = notebook.lstat()
    except OSError:
        return ""
    return f"{info.st_dev}:{info.st_ino}:{info.st_mtime_ns}:{info.st_size}"


def write_mark(mark: Path, entry: Entry, standing: Standing, notebook: Path) -> None:
    """Remember what the gradebook holds after an entry, and of which file."""
    unfinished = mark.with_suffix(".tmp")
    said = entry.compared(standing) | {"file": file_identity(notebook)}
    unfinished.write_text(json.dumps(said), "utf-8")
    unfinished.replace(mark)
