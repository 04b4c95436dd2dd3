"""``mlc grade``: all submissions of an assignment, graded in parallel and entered into nbgrader's database.

Workers turn submissions into result files; this process alone writes to the gradebook, through nbgrader. A
result file appears whole or not at all, and is named after what was graded and by which checks, so that a run
that was killed is taken up where it stopped: what has a result is not graded again, what is entered is not
entered again.
"""

import fcntl
import json
import multiprocessing.connection
import multiprocessing.forkserver
import os
import signal
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mlc_course.grading.classroom import Classroom, StepFailed
from mlc_course.grading.grader import checks_version, grader_for
from mlc_course.grading.remarks import remarks_of_file, version_remark
from mlc_course.grading.sandbox import box_was_tried, require_box
from mlc_course.grading.submission import Known, fingerprint, read_submission, sanitize
from mlc_course.grading.troubles import advice, uninterrupted


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
    """One submission to be graded by a worker; ``another_follows`` if the worker will most likely get another one."""

    stem: str
    student: str
    notebook: Path
    known: dict[str, Known]
    data: str | None
    results: Path
    another_follows: bool


def grade_class(folder: Path, assignment: str, workers: int, *, force: bool = False) -> dict[str, Outcome]:
    """Grade every submission of an assignment; ``{student: outcome}``.

    Raises:
        NoSandbox: this machine cannot grade.
        StepFailed: this is no course folder, or the assignment is not in its gradebook.
        UnknownStem: there is no such exercise set.
    """
    _load_for_workers()
    require_box()
    state = folder.resolve() / ".mlc" / assignment
    room = Classroom(folder, results=state)
    room.known_cells(assignment)  # says what is wrong before a file is written
    state.mkdir(parents=True, exist_ok=True)
    with _alone(state.with_suffix(".lock"), assignment):
        return _grade_class(room, assignment, state, workers, force)


def _grade_class(room: Classroom, assignment: str, state: Path, workers: int, force: bool) -> dict[str, Outcome]:
    orders = _orders(room, assignment, state, workers)
    print(version_remark(room.folder, assignment, checks_version(assignment)), end="", file=sys.stderr)
    for path in state.iterdir():
        if force or path.suffix == ".tmp":  # of a run that was killed while it wrote
            path.unlink()
    outcomes: dict[str, Outcome] = {}
    waiting: dict[str, _Waiting] = {}
    with _Workers(workers) as pool:
        for order in orders:
            if not os.path.lexists(order.notebook):
                outcomes[order.student] = Outcome(note=room.remarks(assignment, order.student))
                continue
            one = _Waiting(order, _result_path(order, _sanitized(order)))
            if _is_entered(room, one):
                outcomes[order.student] = _outcome(room, one, " (graded before)")
                continue
            waiting[order.student] = one
            pool.add(one)
        _name_other_versions(list(waiting.values()))
        for number, (student, problem) in enumerate(pool.finished(), 1):
            outcomes[student] = _enter(room, waiting[student], problem)
            _show_progress(number, len(waiting), student, outcomes[student])
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
class _Waiting:
    """A submission that is not in the gradebook, and where its result is or will be."""

    order: Order
    result: Path


def _orders(room: Classroom, assignment: str, state: Path, workers: int) -> list[Order]:
    known = room.known_cells(assignment)
    source = room.folder / "source" / assignment
    data = str(source) if source.is_dir() else None
    students = room.students(assignment)
    notebooks = [room.submission_folder(assignment, student) / f"{assignment}.ipynb" for student in students]
    return [
        Order(assignment, student, notebook, known, data, state, another_follows=number <= len(students) - workers)
        for number, (student, notebook) in enumerate(zip(students, notebooks, strict=True), 1)
    ]


_FORKS = multiprocessing.get_context("forkserver")


def _load_for_workers() -> None:
    """Start the process that workers are forked from; it loads this module while nbgrader is loaded here."""
    _FORKS.set_forkserver_preload([__name__])
    multiprocessing.forkserver.ensure_running()


class _Workers:
    """Processes that grade what has no result; each is started when there is something for it to do."""

    def __init__(self, number: int):
        # Not forks of this process, which may hold locks, threads and open databases.
        self._pool = ProcessPoolExecutor(number, _FORKS, initializer=_begin)
        self._ready: list[str] = []
        self._futures: dict[Future[None], str] = {}

    def __enter__(self) -> "_Workers":
        return self

    def __exit__(self, error: type[BaseException] | None, *_error: object) -> None:
        for worker in multiprocessing.active_children() if error else ():
            worker.kill()  # what it is at could take minutes
        self._pool.shutdown(cancel_futures=True)

    def add(self, one: _Waiting) -> None:
        """Have a submission graded, unless its result is there."""
        if one.result.is_file():
            self._ready.append(one.order.student)
        else:
            self._futures[self._pool.submit(grade_to_file, one.order)] = one.order.student

    def finished(self) -> Iterator[tuple[str, str]]:
        """Students as their results appear, each with what went wrong, if anything."""
        yield from ((student, "") for student in self._ready)
        for future in as_completed(self._futures):
            error = future.exception()
            yield self._futures[future], f"{type(error).__name__}: {error}" if error else ""


def _begin() -> None:
    """In a worker, before its first order."""
    signal.signal(signal.SIGINT, lambda *_: os._exit(1))  # what it interrupted is no result
    box_was_tried()
    _end_with_parent()


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
    result = grader_for(order.stem).grade(notebook, order.data, another_follows=order.another_follows)
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


def _is_entered(room: Classroom, one: _Waiting) -> bool:
    order, result = one.order, one.result
    mark = _mark(order)
    graded = room.folder / "autograded" / order.student / order.stem / f"{order.stem}.ipynb"
    if not (graded.is_file() and mark.is_file() and result.is_file()):
        return False
    # The penalty of late work may depend on what changed since: points given by hand, the rule in the configuration.
    late = room.lateness(order.stem, order.student).late
    return not late and mark.read_text() == _entry(room, order, result)


def _entry(room: Classroom, order: Order, result: Path) -> str:
    """What a mark says: which result, when it was handed in and due, made by which version of the checks."""
    return f"{result.stem} {room.lateness(order.stem, order.student)} {checks_version(order.stem)}"


def _name_other_versions(waiting: list[_Waiting]) -> None:
    """Say whose marks in the gradebook were given by other checks than those that judge now."""
    now: dict[str, list[str]] = {}
    for order in (one.order for one in waiting):
        mark = _mark(order)
        version = mark.read_text().rpartition(" ")[2] if mark.is_file() else ""
        if version and version != checks_version(order.stem):
            now.setdefault(version, []).append(order.student)
    for version, students in now.items():
        named = f"{', '.join(students[:5])}{', …' if len(students) > 5 else ''}"
        said = f"graded by checks {version} before, and again by checks {checks_version(waiting[0].order.stem)} now: {named}"
        print(said, file=sys.stderr)


def _enter(room: Classroom, one: _Waiting, problem: str) -> Outcome:
    """Write a result into the gradebook and remember that it is there."""
    order = one.order
    if problem:
        return Outcome(note=advice(problem) or problem)
    try:
        with uninterrupted():
            room.autograde(order.stem, order.student)
    except StepFailed as error:
        return Outcome(note=str(error)[-500:])
    _mark(order).write_text(_entry(room, order, one.result))
    return _outcome(room, one)


def _outcome(room: Classroom, one: _Waiting, note: str = "") -> Outcome:
    order = one.order
    points = sum(entry.points for entry in order.known.values())
    penalty = room.penalty(order.stem, order.student)
    remarks = "; ".join(filter(None, [room.remarks(order.stem, order.student), *remarks_of_file(one.result)]))
    note += (f", {penalty:g} off for being late" if penalty else "") + (f" ({remarks})" if remarks else "")
    return Outcome(sum(room.scores(order.stem, order.student).values()), points, True, note)


def _show_progress(done: int, total: int, student: str, outcome: Outcome) -> None:
    width = 30
    bar = "#" * (width * done // total)
    print(f"\r[{bar:<{width}}] {done}/{total} {student}: {outcome}\033[K", end="", file=sys.stderr, flush=True)
    if done == total:
        print(file=sys.stderr)
