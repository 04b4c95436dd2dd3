"""nbgrader's own steps on one course folder, called from Python."""

import os
import shutil
import stat
import sys
import warnings
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from mlc_course.grading.submission import Known, known_cells

MAX_STAMP = 200  # bytes of a file that holds a time


class StepFailed(RuntimeError):
    """A step of nbgrader did not succeed; the message holds the last lines of its log."""


@dataclass(frozen=True)
class Lateness:
    """When a submission was handed in, by its ``timestamp.txt``, and when it was due, by the gradebook (both UTC)."""

    handed_in: datetime | None
    due: datetime | None

    @property
    def late(self) -> bool:
        """Whether it came after it was due."""
        return self.handed_in is not None and self.due is not None and self.handed_in > self.due


class Classroom:
    """One instructor's course folder.

    Args:
        folder: as ``mlc course create`` makes it, with ``nbgrader_config.py`` in it.
        results: results made before, which ``autograde`` takes instead of grading again.
    """

    def __init__(self, folder: Path, results: Path | None = None):
        from nbgrader.apps.api import NbGraderAPI
        from nbgrader.coursedir import CourseDirectory
        from traitlets.config.loader import PyFileConfigLoader

        self.folder = folder.resolve()
        _let_nbgrader_find_alembic()
        config = PyFileConfigLoader("nbgrader_config.py", path=str(self.folder)).load_config()
        config.CourseDirectory.root = str(self.folder)
        if results is not None:
            config.TrustedGrade.results = str(results)
        self.api = NbGraderAPI(coursedir=CourseDirectory(config=config), config=config)

    def generate_assignment(self, assignment: str) -> None:
        """Write ``release/<assignment>/`` from ``source/`` and enter the assignment into the gradebook."""
        self._step(self.api.generate_assignment, assignment)

    def autograde(self, assignment: str, student: str) -> None:
        """Grade one submission."""
        self._step(self.api.autograde, assignment, student)

    def generate_feedback(self, assignment: str, student: str) -> None:
        """Write the feedback page of one submission."""
        self._step(self.api.generate_feedback, assignment, student)

    def known_cells(self, assignment: str) -> dict[str, Known]:
        """The cells of an assignment's notebook, as the gradebook has them.

        Raises:
            StepFailed: the assignment is not in the gradebook.
        """
        from nbgrader.api import MissingEntry

        try:
            with self.api.gradebook as gradebook:
                return known_cells(gradebook.find_notebook(assignment, assignment))
        except MissingEntry as error:
            hint = f"run `nbgrader generate_assignment {assignment}` first"
            raise StepFailed(f"{assignment} is not in the gradebook of {self.folder}; {hint}") from error

    def submission_folder(self, assignment: str, student: str) -> Path:
        """Where a student's submission lies."""
        return self.folder / "submitted" / student / assignment

    def students(self, assignment: str) -> list[str]:
        """Everyone who submitted, by name."""
        return sorted(path.parent.name for path in (self.folder / "submitted").glob(f"*/{assignment}"))

    def scores(self, assignment: str, student: str) -> dict[str, float]:
        """Points of each item of a graded submission, as the gradebook holds them."""
        with self.api.gradebook as gradebook:
            submission = gradebook.find_submission(assignment, student)
            return {grade.name: grade.score for notebook in submission.notebooks for grade in notebook.grades}

    def lateness(self, assignment: str, student: str) -> Lateness:
        """When a submission was handed in and when it was due; without one of them it is not late."""
        from nbgrader.api import MissingEntry

        handed_in = time_in(self.submission_folder(assignment, student) / "timestamp.txt")
        with self.api.gradebook as gradebook:
            due = gradebook.find_assignment(assignment).duedate
            try:
                # Where no file says it, nbgrader goes by the time it read last.
                handed_in = handed_in or gradebook.find_submission(assignment, student).timestamp
            except MissingEntry:
                pass
        return Lateness(handed_in, due)

    def _step(self, step: Any, *arguments: str) -> None:
        from sqlalchemy.exc import SAWarning

        here = os.getcwd()
        try:
            with warnings.catch_warnings():
                # SQLAlchemy's remarks on how nbgrader uses it say nothing to an instructor.
                warnings.simplefilter("ignore", SAWarning)
                result = step(*arguments)
        finally:
            os.chdir(here)  # nbgrader works in the course folder
        if not result["success"]:
            log = f"{result.get('log') or ''}\n{result.get('error') or ''}".strip()
            raise StepFailed(f"{' '.join(arguments)}: {log[-2000:]}")


def time_in(stamp: Path) -> datetime | None:
    """The time (UTC) in a ``timestamp.txt``, whoever wrote it; None where there is none."""
    from nbgrader.utils import parse_utc

    try:
        if not stat.S_ISREG(stamp.lstat().st_mode) or stamp.stat().st_size >= MAX_STAMP:
            return None
        return parse_utc(stamp.read_text("utf-8").strip())
    except (OSError, ValueError, OverflowError, AttributeError):
        return None


def _let_nbgrader_find_alembic() -> None:
    """nbgrader starts ``alembic`` by name for a new gradebook; the environment need not be activated for that."""
    if not shutil.which("alembic"):
        os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
