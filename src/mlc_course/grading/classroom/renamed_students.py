"""A student's folder in ``submitted/`` that was renamed: the marks in the gradebook go along."""

import os
import shutil
from pathlib import Path

from mlc_course.grading.classroom.entry_marks import file_identity, mark_of, read_mark
from mlc_course.grading.classroom.gradebook import Classroom


def follow_renames(room: Classroom, assignment: str, state: Path) -> dict[str, str]:
    """Give the gradebook's submissions of folders that have another name now to that name; ``{old: new}``.

    Only the same file counts (its number on the disk, time and size), so that equal work of two students is never
    taken for one student's, and marks, comments and points given by hand stay with the work they were given for.
    """
    held, students = set(room.standings(assignment)), room.students(assignment)
    gone = held - set(students)
    if not gone:
        return {}
    files = {
        identity: student
        for student in students
        if student not in held
        and (identity := file_identity(room.submission_folder(assignment, student) / f"{assignment}.ipynb"))
    }
    found = {old: files[said] for old in sorted(gone) if (said := _marked(state, old)) in files}
    for old, new in found.items():
        room.rename(assignment, old, new)
        for step in ("autograded", "feedback"):
            _move(room.folder / step / old / assignment, room.folder / step / new / assignment)
        # The old mark stays: a gradebook that is put back from a backup knows the old name again.
        _copy(mark_of(state, old), mark_of(state, new))
    return found


def _marked(state: Path, student: str) -> str:
    said = read_mark(mark_of(state, student)).get("file")
    return said if isinstance(said, str) else ""


def _copy(source: Path, target: Path) -> None:
    if source.exists() and not target.exists():
        shutil.copyfile(source, target)


def _move(source: Path, target: Path) -> None:
    if source.exists() and not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        source.rename(target)
        if not any(source.parent.iterdir()):
            os.rmdir(source.parent)
