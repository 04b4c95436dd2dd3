"""Processes that turn submissions into result files, each with a grader of its own."""

import contextlib
import multiprocessing.connection
import multiprocessing.forkserver
import os
import signal
import threading
import traceback
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mlc_course.grading.classroom.advice import reason_of
from mlc_course.grading.judging.grader import GRADERS
from mlc_course.grading.judging.results import write_result
from mlc_course.grading.sandbox.probe import box_was_tried
from mlc_course.grading.vetting.notebook import Known, fingerprint, read_submission, sanitize
from mlc_course.root import course_root


@dataclass(frozen=True)
class Order:
    """One submission to be graded by a worker.

    Args:
        version: of the checks that judge it, the same for a whole class.
        another_follows: the worker will most likely get another one.
    """

    stem: str
    version: str
    student: str
    notebook: Path
    known: dict[str, Known]
    data: str | None
    results: Path
    another_follows: bool


_FORKS = multiprocessing.get_context("forkserver")


def load_for_workers() -> None:
    """Start the process that workers are forked from; it loads this module while nbgrader is loaded here."""
    _FORKS.set_forkserver_preload([__name__])
    # A key that stops this process reaches it too; it ends by itself when nobody needs it any more.
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        multiprocessing.forkserver.ensure_running()
    finally:
        signal.signal(signal.SIGINT, before)


class Workers:
    """Processes that grade what has no result; each is started when there is something for it to do.

    A process that the system ends, for lack of memory for example, takes the others along. What they had not
    done is graded by new ones, one submission after another, so that it costs only the one that caused it.

    Args:
        number: of processes.
        log: where they write what libraries say.
    """

    def __init__(self, number: int, log: Path):
        self._number, self._log = number, log
        self._pool = self._new_pool(number)
        self._ready: list[str] = []
        self._orders: dict[str, Order] = {}
        self._futures: dict[Future[str], str] = {}

    def __enter__(self) -> "Workers":
        return self

    def __exit__(self, error: type[BaseException] | None, *_error: object) -> None:
        for worker in multiprocessing.active_children() if error else ():
            worker.kill()  # what it is at could take minutes
        self._pool.shutdown(cancel_futures=True)

    def add(self, order: Order, *, has_result: bool) -> None:
        """Have a submission graded, unless its result is there."""
        if has_result:
            self._ready.append(order.student)
            return
        self._orders[order.student] = order
        with contextlib.suppress(BrokenProcessPool):
            self._futures[self._pool.submit(grade_to_file, order)] = order.student

    def finished(self) -> Iterator[tuple[str, str]]:
        """Students as their results appear, each with what went wrong, if anything."""
        yield from ((student, "") for student in self._ready)
        for future in as_completed(self._futures):
            with contextlib.suppress(BrokenProcessPool):
                problem = future.result()
                del self._orders[self._futures[future]]
                yield self._futures[future], problem
        for order in list(self._orders.values()):
            yield order.student, self._grade_alone(order)

    def _grade_alone(self, order: Order) -> str:
        try:
            return self._pool.submit(grade_to_file, order).result()
        except BrokenProcessPool:
            self._pool.shutdown()
            self._pool = self._new_pool(1)
            return self._grade_once_more(order)

    def _grade_once_more(self, order: Order) -> str:
        """In a process that no other submission can have harmed."""
        try:
            return self._pool.submit(grade_to_file, order).result()
        except BrokenProcessPool:
            return "the process that graded it was ended by the system, perhaps for lack of memory"

    def _new_pool(self, number: int) -> ProcessPoolExecutor:
        # Not forks of this process, which may hold locks, threads and open databases.
        return ProcessPoolExecutor(number, _FORKS, initializer=_begin, initargs=(self._log, course_root()))


def _begin(log: Path, root: Path) -> None:
    """In a worker, before its first order; the process it was forked from may have been started for another course."""
    os.environ["MLC_COURSE_ROOT"] = str(root)
    signal.signal(signal.SIGINT, lambda *_: os._exit(1))  # what it interrupted is no result
    with log.open("ab") as file:
        os.dup2(file.fileno(), 2)
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


def grade_to_file(order: Order) -> str:
    """Grade one submission and write its result file; runs in a worker.

    Returns:
        what went wrong, if anything, in words: not every exception can be sent to another process, and one that cannot
        would look like a worker that the system ended. Its traceback goes to the log.
    """
    try:
        notebook = sanitized(order)
        result = GRADERS.grade(
            order.stem, notebook, order.data, version=order.version, another_follows=order.another_follows
        )
        write_result(result_path(order, notebook), result)
    except Exception as error:
        traceback.print_exc()
        return reason_of(error)
    return ""


def sanitized(order: Order) -> Any:
    """The notebook of an order, reduced to what may be graded."""
    return sanitize(read_submission(order.notebook), order.known)


def result_path(order: Order, notebook: Any) -> Path:
    """Where the result of a sanitised notebook is or will be: named after what was graded, and by which checks."""
    return order.results / f"{fingerprint(notebook, order.version)}.json"
