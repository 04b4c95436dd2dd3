"""``mlc grade``: all submissions of an assignment, graded in parallel and entered into nbgrader's database.

Workers turn submissions into result files; this process alone writes to the gradebook, through nbgrader. A
result file appears whole or not at all, and is named after what was graded and by which checks, so that a run
that was killed is taken up where it stopped: what has a result is not graded again. What the gradebook lacks,
or holds differently than it was entered, is entered again from the result.
"""

import fcntl
import os
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from mlc_course.grading.classroom.advice import reason, reason_of, uninterrupted
from mlc_course.grading.classroom.class_log import quiet_terminal
from mlc_course.grading.classroom.entry_marks import (
    Entry,
    is_entered,
    mark_of,
    penalty_may_differ,
    read_mark,
    write_mark,
)
from mlc_course.grading.classroom.gradebook import Classroom, StepFailed, name_problem
from mlc_course.grading.classroom.outcomes import GradedClass, Outcome, recorded
from mlc_course.grading.classroom.renamed_students import follow_renames
from mlc_course.grading.classroom.standing import Standing
from mlc_course.grading.classroom.worker_pool import Order, Workers, load_for_workers, result_path, sanitized
from mlc_course.grading.judging.grader import checks_version
from mlc_course.grading.judging.remarks import version_remark
from mlc_course.grading.judging.results import is_final, read_result
from mlc_course.grading.sandbox.probe import require_box
from mlc_course.terminal import printable


class Stopped(KeyboardInterrupt):
    """The run was interrupted; ``graded`` says what stands in the gradebook."""

    def __init__(self, graded: GradedClass):
        self.graded = graded


def grade_class(folder: Path, assignment: str, workers: int, *, force: bool = False) -> GradedClass:
    """Grade every submission of an assignment.

    Raises:
        NoSandbox: this machine cannot grade.
        StepFailed: this is no course folder, or the assignment is not in its gradebook.
        Stopped: somebody pressed Ctrl-C.
        UnknownStem: there is no such exercise set.
    """
    load_for_workers()
    require_box()
    state = folder.resolve() / ".mlc" / assignment
    version = checks_version(assignment)
    room = Classroom(folder, results=state, version=version)
    room.known_cells(assignment)  # says what is wrong before a file is written
    state.mkdir(parents=True, exist_ok=True)
    log = state.with_suffix(".log")
    with _alone(state.with_suffix(".lock"), assignment):
        graded = GradedClass(assignment)
        try:
            with quiet_terminal(log) as (terminal, raw):
                _Run(room, state, graded, version, terminal).grade(workers, raw, force)
        finally:
            graded.log = log if log.is_file() else None
    return graded


@contextmanager
def _alone(path: Path, assignment: str) -> Iterator[None]:
    """Hold a lock that the system takes back when this process ends."""
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise StepFailed(f"{assignment} is being graded by another `mlc grade`; wait until it has ended") from error
        yield


@dataclass(frozen=True)
class _Submission:
    """A submission that can be graded: its notebook without cells, where its result is or will be, its entry."""

    order: Order
    result: Path
    entry: Entry
    remarks: str


class _Run:
    """One run over a class."""

    def __init__(self, room: Classroom, state: Path, graded: GradedClass, version: str, terminal: IO[str]):
        self.room, self.state, self.graded, self.terminal = room, state, graded, terminal
        self.assignment = graded.assignment
        self.version = version
        self.known = room.known_cells(self.assignment)
        self.points = {name: entry.points for name, entry in self.known.items() if entry.grade or entry.task}

    def grade(self, workers: int, log: Path, force: bool) -> None:
        """Grade and enter what is not in the gradebook.

        Raises:
            Stopped: somebody pressed Ctrl-C.
        """
        told = version_remark(self.room.folder, self.assignment, self.version)
        print(printable(told, keep="\n"), end="", file=self.terminal, flush=True)
        for path in self.state.iterdir():
            # Of a run that was killed while it wrote, or in which the grader itself failed.
            if force or path.suffix == ".tmp" or (path.suffix == ".json" and not is_final(path)):
                path.unlink()
        try:
            with Workers(workers, log) as pool:
                waiting = self._take_in(pool, workers)
                self._name_other_versions(list(waiting))
                for number, (student, problem) in enumerate(pool.finished(), 1):
                    self.graded.outcomes[student] = outcome = self._enter(waiting[student], problem)
                    self._show_progress(number, len(waiting), student, outcome)
            self._look_round()
        except KeyboardInterrupt as error:
            raise Stopped(self.graded) from error

    def _take_in(self, pool: Workers, workers: int) -> dict[str, _Submission]:
        """Give the workers what has to be graded; whatever is wrong with one submission is its own outcome."""
        waiting: dict[str, _Submission] = {}
        self.graded.renamed = follow_renames(self.room, self.assignment, self.state)
        held = self.room.standings(self.assignment)
        orders = self._orders(workers)
        for order in orders:
            try:
                outcome = self._without_grading(order, held.get(order.student), waiting)
                if outcome is None:
                    pool.add(order, has_result=self._result(waiting[order.student]) is not None)
            except Exception as error:
                outcome = self._failed(reason_of(error))
            if outcome is not None:
                waiting.pop(order.student, None)
                self.graded.outcomes[order.student] = outcome
        return waiting

    def _orders(self, workers: int) -> list[Order]:
        source = self.room.folder / "source" / self.assignment
        data = str(source) if source.is_dir() else None
        students = self.room.students(self.assignment)
        return [
            Order(self.assignment, self.version, student, self.room.submission_folder(self.assignment, student) / f"{self.assignment}.ipynb",
                  self.known, data, self.state, another_follows=number <= len(students) - workers)
            for number, student in enumerate(students, 1)
        ]  # fmt: skip

    def _without_grading(
        self, order: Order, standing: Standing | None, waiting: dict[str, _Submission]
    ) -> Outcome | None:
        """The outcome of what cannot be graded or is in the gradebook; of all else, None, and it is waiting."""
        problem = name_problem(order.student)
        if problem or not os.path.lexists(order.notebook):
            return Outcome(notes=(problem or self.room.remarks(self.assignment, order.student),))
        notebook = sanitized(order)
        result = result_path(order, notebook)
        entry = Entry(result.stem, self.version, self.points, order.notebook.parent / "timestamp.txt")
        remarks = self.room.remarks(self.assignment, order.student, notebook)
        one = waiting[order.student] = _Submission(order, result, entry, remarks)
        graded = self.room.folder / "autograded" / order.student / order.stem / f"{order.stem}.ipynb"
        mark, found = self._mark(order), self._result(one)
        if standing is None or found is None or not graded.is_file() or not is_entered(mark, entry, standing):
            return None
        if penalty_may_differ(mark, entry, standing):
            with uninterrupted():
                self.room.renew_penalty(self.assignment, order.student)
                standing = self.room.standings(self.assignment, order.student)[order.student]
                write_mark(mark, entry, standing, order.notebook)
        return recorded(standing, self.points, remarks, found, before=True)

    def _enter(self, one: _Submission, problem: str) -> Outcome:
        """Write a result into the gradebook and remember that it is there."""
        if problem:
            return self._failed(problem)
        student = one.order.student
        try:
            with uninterrupted():
                self.room.autograde(self.assignment, student)
                standing = self.room.standings(self.assignment, student)[student]
                write_mark(self._mark(one.order), one.entry, standing, one.order.notebook)
            return recorded(standing, self.points, one.remarks, self._result(one) or {}, before=False)
        except StepFailed as error:
            return self._failed(reason(str(error)))
        except Exception as error:
            return self._failed(reason_of(error))

    def _failed(self, why: str) -> Outcome:
        """An outcome without a score; the traceback of the exception that is being handled goes to the log."""
        if sys.exc_info()[0] is not None:
            traceback.print_exc()
        return Outcome(notes=(why,))

    def _look_round(self) -> None:
        """See who handed in nothing, and whose folders are left over."""
        handed_in, names = set(self.graded.outcomes), set(self.room.roster())
        held = set(self.room.standings(self.assignment))
        self.graded.absent = sorted(names - handed_in - held - set(self.graded.renamed))
        self.graded.gone = sorted(held - handed_in)
        self.graded.stale = [name for name in self.room.autograded(self.assignment) if name not in names | handed_in]

    def _mark(self, order: Order) -> Path:
        return mark_of(self.state, order.student)

    def _result(self, one: _Submission) -> dict[str, Any] | None:
        return read_result(one.result, self.assignment, self.version)

    def _name_other_versions(self, students: list[str]) -> None:
        """Say whose marks in the gradebook were given by other checks than those that judge now."""
        before: dict[str, list[str]] = {}
        for student in students:
            version = read_mark(mark_of(self.state, student)).get("checks")
            if isinstance(version, str) and version != self.version:
                before.setdefault(version, []).append(printable(student))
        for version, names in before.items():
            named = f"{', '.join(names[:5])}{', …' if len(names) > 5 else ''}"
            told = f"graded by checks {printable(version)} before, and again by checks {self.version} now: {named}"
            print(told, file=self.terminal, flush=True)

    def _show_progress(self, done: int, total: int, student: str, outcome: Outcome) -> None:
        """A bar where there is a terminal; a line for each submission where the output goes elsewhere."""
        said = f"{done}/{total} {printable(student)}: {outcome}"
        if not self.terminal.isatty():
            print(said, file=self.terminal, flush=True)
            return
        bar, room = "#" * (20 * done // total), max(20, os.get_terminal_size(self.terminal.fileno()).columns - 24)
        end = "\n" if done == total else ""
        print(f"\r[{bar:<20}] {_cut(said, room)}\033[K", end=end, file=self.terminal, flush=True)


def _cut(text: str, columns: int) -> str:
    """So much of a text as fits, lest the bar breaks into lines."""
    from wcwidth import wcwidth

    for index, character in enumerate(text):
        columns -= max(0, wcwidth(character))
        if columns < 0:
            return text[:index]
    return text
