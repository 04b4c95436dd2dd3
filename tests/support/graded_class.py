"""A class that tests of the gradebook grade again: its notebooks, one more run, and a student taken away."""

import shutil
from pathlib import Path
from typing import Any

from submissions import light

from mlc_course.grading.classroom.class_grading import grade_class
from mlc_course.grading.classroom.gradebook import Classroom
from mlc_course.grading.classroom.outcomes import GradedClass

LONG = "x" * 240


def notebook(student: str, *, solved: bool = True) -> Any:
    """One whose result is the student's alone."""
    made = light(solved)
    made.cells[0].source += f"\n# {student[:20]}"
    return made


def again(room: Classroom) -> GradedClass:
    return grade_class(room.folder, "toy", 1)


def leave_out(room: Classroom, student: str, place: Path) -> None:
    """Take a student away whom the other tests, which run in any order, do not know."""
    shutil.rmtree(place)
    with room.api.gradebook as gradebook:
        gradebook.remove_student(student)
