"""``nbgrader export``: a table of marks for spreadsheets and programs, with a row for everyone, graded or not."""

import csv
import io
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook
from nbgrader.plugins import ExportPlugin

from mlc_course.grading.classroom.standing import Standing, roster, standings, with_zone
from mlc_course.terminal import printable

COLUMNS = (
    "assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email",
    "raw_score", "late_submission_penalty", "score", "max_score", "status",
)  # fmt: skip
GRADED, BY_HAND, NOT_GRADED = "graded", "needs manual grading", "not graded"
ABSENT, FOLDER_GONE = "not handed in", "graded, submission folder gone"
# What a spreadsheet takes for the beginning of a formula, as Chinese and Japanese input methods write it too.
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")


@dataclass
class _Folders:
    """Who has a submission of one assignment in the course folder, and who a graded one."""

    submitted: set[str] = field(default_factory=set)
    autograded: set[str] = field(default_factory=set)


class GradesExport(ExportPlugin):
    """Writes ``grades.csv``: nbgrader's columns, a status, and with one assignment the points of each item."""

    def export(self, gradebook: Gradebook) -> None:
        chosen, students = {str(name) for name in self.assignment}, {str(name) for name in self.student}
        known = [assignment for assignment in gradebook.assignments if not chosen or assignment.name in chosen]
        for name in sorted(chosen - {assignment.name for assignment in known}):
            self.log.warning("%s: there is no such assignment in the gradebook", name)
        people = roster(gradebook)
        for name in sorted(students - {person.id for person in people}):
            self.log.warning("%s: there is no such student in the gradebook", name)
        items = _items(known[0]) if len(known) == 1 else []
        rows = [
            row
            for assignment in known
            for row in self._rows(gradebook, assignment, people, items)
            if not students or row["student_id"] in students
        ]
        path = Path(self.to or "grades.csv")
        _write(path, [*COLUMNS, *(f"item {name}" for name in items)], rows)
        self.log.info("Exported %d rows to %s", len(rows), path)

    def _rows(self, gradebook: Gradebook, assignment: Any, people: list[Any], items: list[str]) -> Iterator[dict]:
        held, folders = standings(gradebook, assignment.name), self._folders(assignment.name)
        names = {person.id for person in people}
        fixed = {
            "assignment": assignment.name,
            "duedate": with_zone(assignment.duedate),
            "max_score": assignment.max_score,
        }
        for person in people:
            standing = held.get(person.id)
            who = {
                "student_id": person.id,
                "last_name": person.last_name,
                "first_name": person.first_name,
                "email": person.email,
            }
            yield fixed | who | _marks(standing, _status(person.id, standing, folders), items)
        for student in sorted(folders.submitted - names):
            if student in folders.autograded:
                self.log.warning("%s is left out: no longer in the gradebook; `mlc grade %s` enters what is in submitted/",
                                 student, assignment.name)  # fmt: skip
            else:
                yield fixed | {"student_id": student, "status": NOT_GRADED}

    def _folders(self, assignment: str) -> _Folders:
        place = getattr(self.parent, "coursedir", None)
        if place is None:
            return _Folders()

        def students(step: str) -> set[str]:
            root = Path(place.format_path(step, "x", assignment)).parents[1]
            return {path.parent.name for path in root.glob(f"*/{assignment}") if path.is_dir()}

        return _Folders(students(place.submitted_directory), students(place.autograded_directory))


def _items(assignment: Any) -> list[str]:
    cells = [cell for notebook in assignment.notebooks for cell in (*notebook.grade_cells, *notebook.task_cells)]
    return sorted({cell.name for cell in cells})


def _status(student: str, standing: Standing | None, folders: _Folders) -> str:
    if standing is None:
        return NOT_GRADED if student in folders.submitted else ABSENT
    # nbgrader removes the graded notebook of a submission that it failed to grade. Where nobody has one, they were put away.
    failed = student in folders.submitted and folders.autograded and student not in folders.autograded
    if failed or all(points is None for points in standing.automatic.values()):
        return NOT_GRADED
    if folders.submitted and student not in folders.submitted:
        return FOLDER_GONE
    if standing.by_hand:
        return BY_HAND
    return GRADED


def _marks(standing: Standing | None, status: str, items: list[str]) -> dict[str, Any]:
    """The columns that depend on the submission; empty where nothing was graded, which is not the same as 0."""
    if standing is None or status in (NOT_GRADED, ABSENT):
        return {"timestamp": with_zone(standing.timestamp) if standing else "", "status": status}
    return {
        "timestamp": with_zone(standing.timestamp),
        "duedate": with_zone(standing.due),
        "raw_score": round(standing.score, 2),
        "late_submission_penalty": round(standing.penalty, 2),
        "score": round(max(0.0, standing.score - standing.penalty), 2),
        "status": status,
        **{f"item {name}": standing.scores.get(name) for name in items},
    }


def _write(path: Path, columns: list[str], rows: list[dict[str, Any]]) -> None:
    text = io.StringIO(newline="")
    table = csv.DictWriter(text, columns, restval="", lineterminator="\n")
    table.writeheader()
    table.writerows({name: _cell(value) for name, value in row.items()} for row in rows)
    # Excel takes a file without the mark for one in the system's own encoding.
    encoding = "utf-8" if text.getvalue().isascii() else "utf-8-sig"
    unfinished = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    unfinished.write_text(text.getvalue(), encoding, newline="")
    unfinished.replace(path)


def _cell(value: Any) -> Any:
    """A value for a spreadsheet: text of students that would be a formula begins with an apostrophe."""
    if not isinstance(value, str):
        return "" if value is None else value
    text = printable(value)
    return f"'{text}" if value.lstrip(" ").startswith(_FORMULA) else text
