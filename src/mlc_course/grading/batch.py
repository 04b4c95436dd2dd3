"""``mlc grade``: all submissions of an assignment, graded in parallel and entered into nbgrader's database.

Workers turn submissions into result files; this process alone writes to the gradebook, through nbgrader. A
result file appears whole or not at all, and is named after what was graded and by which checks, so that a run
that was killed is taken up where it stopped: what has a result is not graded again, what is entered is not
entered again.
"""

import fcntl
import json
import multiprocessing.connection
import os
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mlc_course.grading.classroom import Classroom, StepFailed
from mlc_course.grading.grader import checks_version, grader_for
from mlc_course.grading.sandbox import require_box
from mlc_course.grading.submission import Known, fingerprint, read_submission, sanitize


@dataclass(frozen=True)
class Outcome:
    """How grading one submission ended."""

    score: float = 0.0
    points: float = 0.0
    recorded: bool = False
    note: str = ""

    def __str__(self) -> str:
        return f"{self.score:g}/{self.points:g}{self.note}" if self.recorded else f"not graded: {self.note}"


@dataclass(frozen=True)
class Order:
    """One submission to be graded by a worker."""

    stem: str
    student: str
    notebook: Path
    known: dict[str, Known]
    data: str | None
    results: Path


def grade_class(folder: Path, assignment: str, workers: int, *, force: bool = False) -> dict[str, Outcome]:
    """Grade every submission of an assignment; ``{student: outcome}``.

    Raises:
        NoSandbox: this machine cannot grade.
        StepFailed: the assignment is not in the gradebook.
    """
    require_box()
    state = folder.resolve() / ".mlc" / assignment
    state.mkdir(parents=True, exist_ok=True)
    with _alone(state.with_suffix(".lock"), assignment):
        return _grade_class(Classroom(folder, results=state), assignment, state, workers, force)


def _grade_class(room: Classroom, assignment: str, state: Path, workers: int, force: bool) -> dict[str, Outcome]:
    orders = _orders(room, assignment, state)
    for path in state.iterdir():
        if force or path.suffix == ".tmp":  # of a run that was killed while it wrote
            path.unlink()
    empty = [o for o in orders if not os.path.lexists(o.notebook)]
    outcomes = {o.student: Outcome(note=f"there is no {o.notebook.relative_to(room.folder)}") for o in empty}
    waiting = {o.student: o for o in orders if o.student not in outcomes and not _is_entered(room, o)}
    done = [o for o in orders if o.student not in waiting and o.student not in outcomes]
    outcomes |= {o.student: _outcome(room, o, " (graded before)") for o in done}
    _name_other_versions(list(waiting.values()))
    for number, student in enumerate(_graded(list(waiting.values()), workers), 1):
        outcomes[student.name] = _enter(room, waiting[student.name], student.problem)
        _show_progress(number, len(waiting), student.name, outcomes[student.name])
    return outcomes


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
class _Done:
    """A submission a worker has finished with."""

    name: str
    problem: str = ""


def _orders(room: Classroom, assignment: str, state: Path) -> list[Order]:
    known = room.known_cells(assignment)
    source = room.folder / "source" / assignment
    data = str(source) if source.is_dir() else None
    students = room.students(assignment)
    return [
        Order(assignment, s, room.submission_folder(assignment, s) / f"{assignment}.ipynb", known, data, state)
        for s in students
    ]


def _graded(orders: list[Order], workers: int) -> Iterator[_Done]:
    """Submissions as their results appear."""
    missing = []
    for order in orders:
        if _result_path(order, _sanitized(order)).is_file():
            yield _Done(order.student)
        else:
            missing.append(order)
    if not missing:
        return
    # A fresh interpreter for each worker: this one may hold locks, threads and open databases.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(min(workers, len(missing)), context, initializer=_end_with_parent) as pool:
        futures = {pool.submit(grade_to_file, order): order.student for order in missing}
        for future in as_completed(futures):
            error = future.exception()
            yield _Done(futures[future], f"{type(error).__name__}: {error}" if error else "")


def _end_with_parent() -> None:
    """Let this worker end when the process that gives it orders is gone, however that came about."""
    parent = multiprocessing.parent_process()
    assert parent is not None, "workers are started by another process"

    def wait() -> None:
        multiprocessing.connection.wait([parent.sentinel])
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


def grade_to_file(order: Order) -> None:
    """Grade one submission and write its result file; runs in a worker."""
    notebook = _sanitized(order)
    path = _result_path(order, notebook)
    result = grader_for(order.stem).grade(notebook, order.data)
    unfinished = path.with_suffix(f".{os.getpid()}.tmp")
    with unfinished.open("w", encoding="utf-8") as file:
        json.dump(result, file, ensure_ascii=False)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)


def _sanitized(order: Order) -> Any:
    return sanitize(read_submission(order.notebook), order.known)


def _result_path(order: Order, notebook: Any) -> Path:
    return order.results / f"{fingerprint(notebook, checks_version(order.stem))}.json"


def _mark(order: Order) -> Path:
    """Says which result of a student's is in the gradebook."""
    return order.results / f"{order.student}.entered"


def _is_entered(room: Classroom, order: Order) -> bool:
    result = _result_path(order, _sanitized(order))
    mark = _mark(order)
    graded = room.folder / "autograded" / order.student / order.stem / f"{order.stem}.ipynb"
    return graded.is_file() and mark.is_file() and mark.read_text() == _entry(order, result) and result.is_file()


def _entry(order: Order, result: Path) -> str:
    """What a mark says: which result, made by which version of the checks."""
    return f"{result.stem} {checks_version(order.stem)}"


def _name_other_versions(orders: list[Order]) -> None:
    """Say whose marks in the gradebook were given by other checks than those that judge now."""
    now: dict[str, list[str]] = {}
    for order in orders:
        mark = _mark(order)
        version = mark.read_text().rpartition(" ")[2] if mark.is_file() else ""
        if version and version != checks_version(order.stem):
            now.setdefault(version, []).append(order.student)
    for version, students in now.items():
        named = f"{', '.join(students[:5])}{', …' if len(students) > 5 else ''}"
        said = f"graded by checks {version} before, and again by checks {checks_version(orders[0].stem)} now: {named}"
        print(said, file=sys.stderr)


def _enter(room: Classroom, order: Order, problem: str) -> Outcome:
    """Write a result into the gradebook and remember that it is there."""
    if problem:
        return Outcome(note=problem)
    try:
        room.autograde(order.stem, order.student)
    except StepFailed as error:
        return Outcome(note=str(error)[-500:])
    _mark(order).write_text(_entry(order, _result_path(order, _sanitized(order))))
    return _outcome(room, order)


def _outcome(room: Classroom, order: Order, note: str = "") -> Outcome:
    points = sum(entry.points for entry in order.known.values())
    return Outcome(sum(room.scores(order.stem, order.student).values()), points, True, note)


def _show_progress(done: int, total: int, student: str, outcome: Outcome) -> None:
    width = 30
    bar = "#" * (width * done // total)
    print(f"\r[{bar:<{width}}] {done}/{total} {student}: {outcome}\033[K", end="", file=sys.stderr, flush=True)
    if done == total:
        print(file=sys.stderr)
