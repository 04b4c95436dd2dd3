"""``mlc doctor``: what this machine lacks for which part of the course, and what to do about it."""

import platform
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from mlc_course.bootstrap import python_problem
from mlc_ref.compilers import cpp_compiler
from mlc_ref.language import Text
from mlc_ref.versions import version_problems

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
TOOLS = {"nbgrader": "exercises", "jupytext": "exercises", "nbclient": "exercises", "jupyter-book": "site"}


@dataclass(frozen=True)
class Finding:
    """One line of the doctor's: ``needed`` says whether the course cannot do without. ``str`` is in the reader's language."""

    subject: Text | str
    problem: Text | None = None
    needed: bool = True

    def __str__(self) -> str:
        mark = _OK if self.problem is None else _FAIL if self.needed else _MISS
        line = _LINE if self.problem is None else _PROBLEM
        return line.format(mark=mark, subject=self.subject, problem=self.problem).get()


_OK, _FAIL, _MISS = Text("ok  ", "正常"), Text("FAIL", "必需"), Text("miss", "可选")
_LINE, _PROBLEM = (
    Text.code("[{mark}] {subject}"),
    Text("[{mark}] {subject}: {problem}", "[{mark}] {subject}：{problem}"),
)
_TVM = Text("TVM at the pinned version", "TVM 是课程所用的版本")
_NOT_INSTALLED = Text(
    "not installed; run: pip install -e '.[{extra}]' in the course's folder",
    "没有安装；请在课程目录中运行 pip install -e '.[{extra}]'",
)
_NO_COMPILER = Text(
    "not found; the introduction runs CUDA text on the CPU with it (Debian and Ubuntu: apt-get install g++)",
    "没有找到；入门一章用它在 CPU 上运行 CUDA 代码（Debian 和 Ubuntu：apt-get install g++）",
)
_NO_BROWSER = Text(
    "not found; only the website's tests need it (Debian and Ubuntu: apt-get install chromium)",
    "没有找到；只有网站的测试需要它（Debian 和 Ubuntu：apt-get install chromium）",
)
_SANDBOX = Text("sandbox for grading (bubblewrap)", "评分用的沙箱（bubblewrap）")
_NO_SANDBOX = Text("only instructors who grade need it: {problem}", "只有评分的教师需要它。{problem}")


def examine() -> list[Finding]:
    """All findings, in the order in which to mend them."""
    too_old = python_problem(sys.version_info)  # in the reader's language
    findings = [Finding(f"Python {platform.python_version()}", Text.code(too_old) if too_old else None)]
    findings += [Finding("TVM", problem) for problem in version_problems()] or [Finding(_TVM)]
    findings += [_tool(name, extra) for name, extra in TOOLS.items()]
    return [*findings, _compiler(), _browser(), _sandbox()]


def _tool(name: str, extra: str, installed: Callable[[str], str] = version) -> Finding:
    try:
        return Finding(f"{name} {installed(name)}")
    except PackageNotFoundError:
        return Finding(name, _NOT_INSTALLED.format(extra=extra))


def _compiler() -> Finding:
    return Finding(Text("C++ compiler", "C++ 编译器"), None if cpp_compiler() else _NO_COMPILER, needed=False)


def _browser() -> Finding:
    found = any(shutil.which(name) for name in BROWSERS)
    return Finding("Chromium", None if found else _NO_BROWSER, needed=False)


def _sandbox() -> Finding:
    """Make a box and try to break each limit, as the grader does before it runs anything."""
    from mlc_course.grading.sandbox.probe import sandbox_problem

    problem = sandbox_problem()
    return Finding(_SANDBOX, _NO_SANDBOX.format(problem=Text.english(problem)) if problem else None, needed=False)
