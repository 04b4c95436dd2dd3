"""``check(...)`` of the exercise notebooks."""

import contextlib
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from mlc_course.exercises.catalog import load_task, load_tasks
from mlc_course.exercises.failures import unsolved
from mlc_course.exercises.local import is_untouched, judge
from mlc_course.exercises.progress import record
from mlc_course.exercises.reports import append_report, failed_parts
from mlc_course.exercises.time_limit import SECONDS
from mlc_ref.checks.task import Report
from mlc_ref.language import Language, TextError, current_language, parse_language
from mlc_ref.versions import require_versions

REPORTS = "MLC_REPORTS"  # a file to which every report is appended; set by `mlc check`
LIMIT = "MLC_CHECK_SECONDS"  # that a check may take; set by `mlc check`
BOX = "MLC_BOX"  # set in the box of a grader, which exports the answers of check cells by itself
GRADING = "NBGRADER_EXECUTION"  # set by nbgrader while it grades or validates


def checker(stem: str, lang: str) -> Callable[[str, Any], Report | float | None]:
    """The function ``check`` of an exercise notebook.

    Args:
        stem: the exercise set.
        lang: the notebook's language; ``MLC_LANG`` wins over it.

    Returns:
        ``check(item, answer)``: judges the answer and returns the report, which shows itself as a table.
        While nbgrader runs the notebook it prints the report and returns the points earned, the form in
        which nbgrader takes partial credit; while it validates, nothing or 0.

    Raises:
        UnknownStem: the course has no such set.
        OtherVersions: other versions of the pinned packages are installed.
    """
    if os.environ.get(BOX):
        return _exported_later
    language = current_language() if os.environ.get("MLC_LANG") else parse_language(lang)
    with _refusing_in(language):
        require_versions()
        load_tasks(stem)

    def check(item: str, answer: Any) -> Report | float | None:
        with _refusing_in(language):
            return _check(stem, item, answer, language)

    return check


@contextlib.contextmanager
def _refusing_in(language: Language) -> Iterator[None]:
    """Whatever is refused inside is said in this language."""
    try:
        yield
    except TextError as error:
        error.language = language
        raise


def _check(stem: str, item: str, answer: Any, language: Language) -> Report | float | None:
    task = load_task(stem, item)
    grading = bool(os.environ.get(GRADING))
    with _quiet() if grading else contextlib.nullcontext():
        report = judge(task, answer, language=language, seconds=float(os.environ.get(LIMIT) or SECONDS))
    if not report.score and is_untouched(answer):
        report = replace(report, results=tuple(failed_parts(task.parts, unsolved())))
    if os.environ.get(REPORTS):
        append_report(Path(os.environ[REPORTS]), report)  # `mlc check` keeps the progress itself
    elif not grading:
        record(stem, [report], language)
    if not grading:
        return report
    print(report)
    if os.environ[GRADING] == "validate":
        # The cell may be worth other points than the checks give; nbgrader takes no result as all of them.
        return None if report.passed else 0
    return report.score


def _exported_later(item: str, answer: Any) -> Report | float | None:
    print(f"{item}: judged outside")
    return 0


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Send standard error to nowhere, that of native code included: nbgrader takes any such output as failure."""
    sys.stderr.flush()
    kept = os.dup(2)
    with open(os.devnull, "w") as nowhere, contextlib.redirect_stderr(nowhere):
        os.dup2(nowhere.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(kept, 2)
            os.close(kept)
