"""nbgrader's own steps on one course folder, called from Python."""

import logging
import os
import shutil
import stat
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from mlc_course.exercises.catalog import set_folder
from mlc_course.grading.listing import entries_below, is_utf8, names_in
from mlc_course.grading.submission import Known, known_cells, read_submission
from mlc_course.grading.troubles import advice

_log = logging.getLogger(__name__)
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
        if not (folder / "nbgrader_config.py").is_file():
            hint = "change to the folder that `mlc course create` made, or name it with `--folder`"
            raise StepFailed(f"{folder.resolve()} is not a course folder: no nbgrader_config.py is in it; {hint}")
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
            StepFailed: the assignment is not in the gradebook, or there is no reading it.
            UnknownStem: the course has no such exercise set.
        """
        from nbgrader.api import MissingEntry

        set_folder(assignment)
        try:
            with self._gradebook() as gradebook:
                return known_cells(gradebook.find_notebook(assignment, assignment))
        except MissingEntry as error:
            hint = f"run `nbgrader generate_assignment {assignment}` first"
            raise StepFailed(f"{assignment} is not in the gradebook of {self.folder}; {hint}") from error

    def submission_folder(self, assignment: str, student: str) -> Path:
        """Where a student's submission lies."""
        return self.folder / "submitted" / student / assignment

    def students(self, assignment: str) -> list[str]:
        """Everyone who submitted, by name; who put the notebook beside the assignment's folder too."""
        submitted = self.folder / "submitted"
        names = [
            name
            for name in names_in(submitted)
            if any(os.path.lexists(submitted / name / wanted) for wanted in (assignment, f"{assignment}.ipynb"))
        ]
        for name in names:
            if not is_utf8(name):
                _log.warning("submitted/%s: passed over, its name is no UTF-8 text: rename it", _printable(name))
        return sorted(filter(is_utf8, names))

    def remarks(self, assignment: str, student: str) -> str:
        """What an instructor should know of a submission beside its score: notebooks of other names, an unreadable file."""
        place = self.submission_folder(assignment, student)
        wanted = place / f"{assignment}.ipynb"
        entries, problem = entries_below(place) if os.path.lexists(place) else ([], "")
        paths = [*(Path(entry.path) for entry in entries), *(place.parent / name for name in names_in(place.parent))]
        others = [str(p.relative_to(self.folder)) for p in paths if p.suffix == ".ipynb" and p != wanted]
        named = ", ".join([*sorted(others)[:3], *(["…"] if len(others) > 3 else ())])
        holds = f"the folder holds {problem}" if problem else "the folder holds no notebook"
        if not os.path.lexists(wanted):
            found = f"found {named}: move it there if it is the one" if others else holds
            return _printable(f"there is no {wanted.relative_to(self.folder)}; {found}")
        unreadable = read_submission(wanted).metadata.mlc.get("unreadable")
        remarks = [f"unreadable: {unreadable}"] if unreadable else []
        remarks += [f"passed over: {named}"] if others else []
        remarks += [f"not looked into: {problem}"] if problem else []
        return _printable("; ".join(remarks))

    def scores(self, assignment: str, student: str) -> dict[str, float]:
        """Points of each item of a graded submission, as the gradebook holds them."""
        with self._gradebook() as gradebook:
            submission = gradebook.find_submission(assignment, student)
            return {grade.name: grade.score for notebook in submission.notebooks for grade in notebook.grades}

    def penalty(self, assignment: str, student: str) -> float:
        """Points taken off a graded submission because it was late."""
        with self._gradebook() as gradebook:
            return float(gradebook.find_submission(assignment, student).late_submission_penalty)

    def lateness(self, assignment: str, student: str) -> Lateness:
        """When a submission was handed in and when it was due; without one of them it is not late."""
        from nbgrader.api import MissingEntry

        handed_in = time_in(self.submission_folder(assignment, student) / "timestamp.txt")
        with self._gradebook() as gradebook:
            due = gradebook.find_assignment(assignment).duedate
            with suppress(MissingEntry):
                # Where no file says it, nbgrader goes by the time it read last.
                handed_in = handed_in or gradebook.find_submission(assignment, student).timestamp
        return Lateness(handed_in, due)

    @contextmanager
    def _gradebook(self) -> Iterator[Any]:
        from sqlalchemy.exc import DBAPIError

        try:
            with self.api.gradebook as gradebook:
                yield gradebook
        except DBAPIError as error:
            raise StepFailed(f"{self.folder}: {advice(str(error.orig)) or error.orig}") from error

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
            raise StepFailed(f"{' '.join(arguments)}: {advice(log) or log[-2000:]}")


def _printable(text: str) -> str:
    """Names of files are a student's to choose; nothing in them moves the cursor of a terminal."""
    return "".join(character if character.isprintable() else "?" for character in text)


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
