"""nbgrader's own steps on one course folder, called from Python."""

import os
import shutil
import stat
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from mlc_course.exercises.catalog import set_folder
from mlc_course.grading.classroom.advice import advice
from mlc_course.grading.classroom.standing import Standing, roster, standings
from mlc_course.grading.vetting.listing import entries_below, names_in
from mlc_course.grading.vetting.notebook import Known, known_cells, read_submission
from mlc_course.terminal import printable

MAX_STAMP = 200  # bytes of a file that holds a time
_PATTERN = frozenset("*?[]")  # nbgrader looks for folders by patterns


class StepFailed(RuntimeError):
    """A step of nbgrader did not succeed; the message holds the last lines of its log."""


class Classroom:
    """One instructor's course folder.

    Args:
        folder: as ``mlc course create`` makes it, with ``nbgrader_config.py`` in it.
        results: results made before, which ``autograde`` takes instead of grading again.
        version: of the checks that they were made with.
    """

    def __init__(self, folder: Path, results: Path | None = None, version: str = ""):
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
            config.TrustedGrade.version = version
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
            raise StepFailed(
                f"{assignment} is not in the gradebook of {self.folder}; {self._enter(assignment)}"
            ) from error

    def submission_folder(self, assignment: str, student: str) -> Path:
        """Where a student's submission lies."""
        return self.folder / "submitted" / student / assignment

    def students(self, assignment: str) -> list[str]:
        """Everyone who submitted, by name; who put the notebook beside the assignment's folder too."""
        submitted = self.folder / "submitted"
        names = os.listdir(submitted) if submitted.is_dir() else []
        return sorted(
            name
            for name in names
            if any(os.path.lexists(submitted / name / wanted) for wanted in (assignment, f"{assignment}.ipynb"))
        )

    def remarks(self, assignment: str, student: str, notebook: Any = None) -> str:
        """What an instructor should know of a submission beside its score: notebooks of other names, an unreadable file.

        Args:
            notebook: the submission, where it was read already.
        """
        place = self.submission_folder(assignment, student)
        wanted = place / f"{assignment}.ipynb"
        entries, problem = entries_below(place) if os.path.lexists(place) else ([], "")
        paths = [*(Path(entry.path) for entry in entries), *(place.parent / name for name in names_in(place.parent))]
        others = [str(p.relative_to(self.folder)) for p in paths if p.suffix == ".ipynb" and p != wanted]
        named = ", ".join([*sorted(others)[:3], *(["…"] if len(others) > 3 else ())])
        holds = f"the folder holds {problem}" if problem else "the folder holds no notebook"
        if not os.path.lexists(wanted):
            found = f"found {named}: move it there if it is the one" if others else holds
            return printable(f"there is no {wanted.relative_to(self.folder)}; {found}")
        unreadable = (notebook or read_submission(wanted)).metadata.mlc.get("unreadable")
        remarks = [f"unreadable: {unreadable}"] if unreadable else []
        if (place / "timestamp.malformed.txt").exists():
            remarks.append("timestamp.txt held no time (see timestamp.malformed.txt): counted as not late")
        remarks += [f"passed over: {named}"] if others else []
        remarks += [f"not looked into: {problem}"] if problem else []
        return printable("; ".join(remarks))

    def standings(self, assignment: str, student: str | None = None) -> dict[str, Standing]:
        """What the gradebook holds of everyone who has a submission in it, or of that one student."""
        with self._gradebook() as gradebook:
            return standings(gradebook, assignment, student)

    def roster(self) -> list[str]:
        """The students in the gradebook."""
        with self._gradebook() as gradebook:
            return [student.id for student in roster(gradebook)]

    def renew_penalty(self, assignment: str, student: str) -> None:
        """Work out what is taken off for being late anew; points given by hand stay as they are."""
        from nbformat.v4 import new_notebook
        from nbgrader.preprocessors import AssignLatePenalties

        where = {"notebook": assignment, "assignment": assignment, "student": student}
        where["db_url"] = self.api.coursedir.db_url
        AssignLatePenalties(config=self.api.config).preprocess(new_notebook(), {"nbgrader": where})

    def rename(self, assignment: str, old: str, new: str) -> None:
        """Give a submission in the gradebook to a student of another name, with all that was entered by hand.

        The old student is removed if nothing else is known of them.
        """
        with self._gradebook() as gradebook:
            submission = gradebook.find_submission(assignment, old)
            before = gradebook.find_student(old)
            known = {name: getattr(before, name) for name in ("last_name", "first_name", "email")}
            submission.student = gradebook.update_or_create_student(new, **{k: v for k, v in known.items() if v})
            gradebook.db.commit()
            if not (before.submissions or before.last_name or before.first_name or before.email or before.lms_user_id):
                gradebook.remove_student(old)

    def autograded(self, assignment: str) -> list[str]:
        """The students of whom there is a graded notebook."""
        return sorted(path.parent.name for path in (self.folder / "autograded").glob(f"*/{assignment}"))

    def scores(self, assignment: str, student: str) -> dict[str, float]:
        """Points of each item of a graded submission, as the gradebook holds them."""
        return self.standings(assignment, student)[student].scores

    def penalty(self, assignment: str, student: str) -> float:
        """Points taken off a graded submission because it was late."""
        return self.standings(assignment, student)[student].penalty

    def _enter(self, assignment: str) -> str:
        """How an assignment comes into the gradebook; nbgrader does nothing where its release is there already."""
        if not (self.folder / "release" / assignment).exists():
            return f"run `nbgrader generate_assignment {assignment}` first"
        return (
            f"run `nbgrader generate_assignment {assignment} --force`, set its due date again if it had one, and run "
            f"`mlc grade {assignment}`: what was graded is entered from its stored results"
        )

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


def name_problem(student: str) -> str:
    """Why nbgrader cannot take the name of a folder for the name of a student; empty if it can."""
    if _PATTERN & set(student):
        return "the name of the folder holds one of * ? [ ], which nbgrader takes for a pattern: rename it"
    if student.startswith(".") or "\n" in student:
        return "the name of the folder begins with a dot or holds a line end, which nbgrader passes over: rename it"
    if student != student.strip():
        return "the name of the folder begins or ends with a space, which nbgrader leaves out: rename it"
    try:
        student.encode("utf-8")
    except UnicodeEncodeError:
        return "the name of the folder is not UTF-8: rename it"
    return ""


def time_in(stamp: Path) -> datetime | None:
    """The time (UTC) in a ``timestamp.txt``, whoever wrote it; None where there is none."""
    from nbgrader.utils import parse_utc

    try:
        if not stat.S_ISREG(stamp.lstat().st_mode) or stamp.stat().st_size >= MAX_STAMP:
            return None
        return parse_utc(stamp.read_text("utf-8-sig").strip())
    except (OSError, ValueError, OverflowError, AttributeError):
        return None


def keep_time(gradebook: Any, assignment: str, student: str, folder: Path) -> None:
    """Write the time by which the gradebook goes into a submission that has lost its ``timestamp.txt``.

    nbgrader keeps the time it read last, and takes a submission for graded only while the file says the same.
    """
    stamp = folder / "timestamp.txt"
    known = gradebook.find_submission(assignment, student).timestamp
    if known is not None and not os.path.lexists(stamp):
        stamp.write_text(f"{known:%Y-%m-%d %H:%M:%S.%f} UTC", "utf-8")


def _let_nbgrader_find_alembic() -> None:
    """nbgrader starts ``alembic`` by name for a new gradebook; the environment need not be activated for that."""
    if not shutil.which("alembic"):
        os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
