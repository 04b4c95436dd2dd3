"""Cells with tests of an instructor's own, written as for plain nbgrader: run in the student's process, judged by what it says.

Such a test stands in the student's namespace, so code of the student's that runs before it can deceive it, as in plain
nbgrader. What can be kept apart is:

* The tests run in a kernel of their own, after everything else, in which the notebook runs again up to the last test.
  The outputs a student gets to see come from a kernel that never saw a hidden test.
* Of what a test with hidden lines prints or raises nothing is passed on but the kind of a built-in exception, and the
  text that the assignment itself gives an ``assert``.
* A test has passed if the kernel says so with a word it was not told before; a process that ended, output on any
  channel, or a message made up beforehand is no pass.
"""

import ast
import builtins
import copy
import math
import secrets
from dataclasses import dataclass
from typing import Any

from nbformat.notebooknode import NotebookNode

from mlc_course.exercises.error_texts import error_text
from mlc_course.exercises.reports import report_to_json
from mlc_course.exercises.source import CheckCall
from mlc_course.grading.judging.notebook_session import Session
from mlc_course.grading.judging.points import number
from mlc_course.grading.vetting.cell_text import BEGIN_HIDDEN, visible_lines
from mlc_course.grading.workers.prefetch import Client
from mlc_ref.checks.failure import CheckFailure
from mlc_ref.checks.task import PartResult, Report
from mlc_ref.language import Language, Text

_PASSES = Text("a test that ends without an error", "测试运行结束且不出错")
_HIDDEN = Text("a hidden test", "一条隐藏测试")
_TITLE = Text("the instructor's test", "教师的测试")
_SILENT = Text("the process did not say how the test ended", "进程没有给出测试的结果")


@dataclass(frozen=True)
class Passed:
    """A test that ended without an error; ``credit`` is the number it gave as partial credit, if any."""

    credit: float | None


def runnable(source: str) -> str:
    """The text of a test as Python, magic commands written out.

    Raises:
        SyntaxError: it does not parse, or waits at top level.
    """
    from IPython.core.inputtransformer2 import TransformerManager

    text = TransformerManager().transform_cell(source)
    compile(text, "<test>", "exec")
    return text


class OwnTestSession(Session):
    """Runs a notebook again and its tests with it; ``checks`` are the tests, by index, named after their cells."""

    async def _check(self, client: Client, index: int) -> None:
        token, source = secrets.token_hex(16), self.notebook.cells[index].source
        call = f"import mlc_course.grading.in_box.endpoint as _mlc; _mlc.test({runnable(source)!r}, {token!r})"
        message = await self._ask(client, index, call, self.times.cell)
        self.skipped.add(index)
        # What one test hides, code of the student's may have seen when it runs for another.
        secret = any(BEGIN_HIDDEN in self.notebook.cells[each].source for each in self.checks)
        self.outcomes[self.checks[index].item] = outcome_of(message, token, source, secret=secret)


def tests_only(notebook: NotebookNode, tests: dict[int, str]) -> tuple[NotebookNode, dict[int, CheckCall], set[int]]:
    """A copy of a notebook for a ``OwnTestSession``: the tests as its checks, and the cells after the last one left out."""
    calls = {index: CheckCall(name, "") for index, name in tests.items()}
    return copy.deepcopy(notebook), calls, set(range(max(tests) + 1, len(notebook.cells)))


def outcome_of(message: Any, token: str, source: str, *, secret: bool) -> Passed | CheckFailure:
    """How a test ended, by the one message that knows the token.

    Args:
        secret: nothing is to be passed on of what the student's process chose to say.
    """
    said = message.get("token") if isinstance(message, dict) else None
    if not isinstance(message, dict) or not isinstance(said, str) or said != token:
        return CheckFailure(expected=_PASSES, found=_SILENT)
    if "error" in message:
        return _failure(message, source, secret=secret)
    credit = message.get("credit")
    return Passed(round(credit, 2) if isinstance(credit, int | float) else None)  # digits could tell what is hidden


def _failure(message: dict[str, Any], source: str, *, secret: bool) -> CheckFailure:
    """What may be said of a test that raised."""
    name, said, line = (message.get(key) for key in ("error", "message", "line"))
    if not isinstance(name, str) or not isinstance(said, str) or type(line) is not int:
        return CheckFailure(expected=_PASSES, found=_SILENT)
    if not secret:
        place = _visible_line(source, line)
        return CheckFailure(expected=_PASSES, found=error_text(name, said), where=place)
    known = isinstance(getattr(builtins, name, None), type)
    text = _assert_message(source, line)
    shown = error_text(str(name), text or "") if known else Text("an exception", "一个异常")
    return CheckFailure(expected=_PASSES, found=shown, where=_visible_line(source, line))


def _visible_line(source: str, line: Any) -> Text | None:
    """A line of a test, unless it is hidden."""
    shown = visible_lines(source)
    if not isinstance(line, int) or not 1 <= line <= len(shown):
        return None
    return Text.code(source.split("\n")[line - 1].strip()) if shown[line - 1] else _HIDDEN


def _assert_message(source: str, line: Any) -> str | None:
    """The text that the assignment gives the ``assert`` in a line."""
    try:
        tree = ast.parse(source)
    except SyntaxError:  # magic commands
        return None
    asserts = [node for node in ast.walk(tree) if isinstance(node, ast.Assert) and node.lineno == line]
    texts = [node.msg.value for node in asserts if isinstance(node.msg, ast.Constant)]
    return str(texts[0]) if texts else None


def report_of(name: str, points: float, outcome: Passed | CheckFailure, language: Language) -> dict[str, Any]:
    """The report of a test, in the form of a report of the course's checks."""
    earned, message, hint = 0.0, None, None
    if isinstance(outcome, CheckFailure):
        message, hint = outcome.message, outcome.hint
    elif outcome.credit is None:
        earned = points
    elif math.isfinite(outcome.credit) and 0 <= outcome.credit <= points:
        earned = outcome.credit
        message = None if earned == points else Text("partly right", "部分正确")
    else:
        # Not the number itself: it could tell what the test hides.
        message = Text(
            f"the test gave a number that is not between 0 and {points:g}",
            f"测试给出的数不在 0 到 {points:g} 之间",
        )
    result = PartResult("test", _TITLE, number(points), number(earned), message, hint)
    return report_to_json(Report(name, Text.code(name), (result,), language))
