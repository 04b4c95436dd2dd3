"""``mlc doctor``: what this machine lacks for which part of the course, and what to do about it."""

import platform
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from mlc_course.bootstrap import python_problem
from mlc_ref.compilers import cpp_compiler
from mlc_ref.versions import version_problems

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
TOOLS = {"nbgrader": "exercises", "jupytext": "exercises", "nbclient": "exercises", "jupyter-book": "site"}


@dataclass(frozen=True)
class Finding:
    """One line of the doctor's: ``needed`` says whether the course cannot do without."""

    subject: str
    problem: str | None = None
    needed: bool = True

    def __str__(self) -> str:
        mark = "ok  " if self.problem is None else "FAIL" if self.needed else "miss"
        return f"[{mark}] {self.subject}" + (f": {self.problem}" if self.problem else "")


def examine() -> list[Finding]:
    """All findings, in the order in which to mend them."""
    findings = [Finding(f"Python {platform.python_version()}", python_problem(sys.version_info))]
    problems = version_problems()
    findings += [Finding("TVM", problem.en) for problem in problems] or [Finding("TVM at the pinned version")]
    findings += [_tool(name, extra) for name, extra in TOOLS.items()]
    return [*findings, _compiler(), _browser(), _sandbox()]


def _tool(name: str, extra: str, installed: Callable[[str], str] = version) -> Finding:
    try:
        return Finding(f"{name} {installed(name)}")
    except PackageNotFoundError:
        return Finding(name, f"not installed; run: pip install -e '.[{extra}]' in the course's folder")


def _compiler() -> Finding:
    if cpp_compiler():
        return Finding("C++ compiler")
    hint = "not found; the introduction runs CUDA text on the CPU with it (Debian and Ubuntu: apt-get install g++)"
    return Finding("C++ compiler", hint, needed=False)


def _browser() -> Finding:
    if any(shutil.which(name) for name in BROWSERS):
        return Finding("Chromium")
    hint = "not found; only the website's tests need it (Debian and Ubuntu: apt-get install chromium)"
    return Finding("Chromium", hint, needed=False)


def _sandbox() -> Finding:
    """Make a box and try to break each limit, as the grader does before it runs anything."""
    from mlc_course.grading.sandbox.probe import sandbox_problem

    subject = "sandbox for grading (bubblewrap)"
    problem = sandbox_problem()
    if problem is None:
        return Finding(subject)
    return Finding(subject, f"only instructors who grade need it: {problem}", needed=False)
