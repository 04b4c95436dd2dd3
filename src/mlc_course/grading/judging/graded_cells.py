"""What is to be judged in one sanitized notebook, and the report of each item, its reasons told from the answer cell."""

import math
from functools import cached_property
from typing import Any

from nbformat.notebooknode import NotebookNode

from mlc_course.exercises.cell_errors import CELL_STATES, failure_of_fault, fault_of_error
from mlc_course.exercises.failures import unsolved
from mlc_course.exercises.reports import described_parts, failed_parts, report_to_json
from mlc_course.exercises.source import CheckCall, parse_check
from mlc_course.grading.judging.own_tests import Passed, report_of, runnable
from mlc_course.grading.judging.points import scaled
from mlc_ref.checks.failure import CheckFailure
from mlc_ref.checks.task import Report
from mlc_ref.language import Language, Text

_NOT_RUN = CheckFailure(
    expected=Text("an answer cell that runs", "能够运行的答案单元"), found=Text("nothing ran", "没有运行")
)


class Work:
    """The graded cells of a notebook that need no hand.

    Args:
        tasks: descriptions of the set's tasks, by name.

    Attributes:
        checks: index of a cell to what it asks the course's checks.
        tests: index of a cell with a test of the instructor's own to its name.
        unjudged: grade id to the reason why its cell cannot be judged; its points are given by hand.
        internal_errors: those of them that failed in the grader itself.
    """

    def __init__(self, notebook: NotebookNode, tasks: dict[str, dict[str, Any]]):
        self.notebook, self._tasks = notebook, tasks
        self.mlc: dict[str, Any] = notebook.metadata.get("mlc", {})
        self.checks: dict[int, CheckCall] = {}
        self.tests: dict[int, str] = {}
        self.unjudged: dict[str, Text] = {}
        self.internal_errors: set[str] = set()
        self._points: dict[str, float] = {}
        for index, cell in enumerate(notebook.cells):
            name = judged_name(cell)
            if name is not None:
                self._points[name] = float(cell.metadata["nbgrader"].get("points", 0))
                self._sort(index, name, cell.source)

    def _sort(self, index: int, name: str, source: str) -> None:
        problem = problem_of_points(self._points[name]) or problem_of_cell(name, source, list(self._tasks))
        call = parse_check(source)
        if problem:
            self.unjudged[name] = problem
        elif call is not None:
            self.checks[index] = call
        else:
            self.tests[index] = name

    @property
    def judged(self) -> set[int]:
        """All cells that are graded and not the student's; a session runs only those it judges."""
        return {index for index, cell in enumerate(self.notebook.cells) if judged_name(cell)}

    @property
    def items(self) -> list[str]:
        """Names of everything that gets a report, checks first."""
        return [*(call.item for call in self.checks.values()), *self.tests.values()]

    def report(self, name: str, outcome: Any, language: Language) -> dict[str, Any]:
        """An item's report as JSON, in points of its cell."""
        if self.mlc.get("unreadable"):
            outcome = _unreadable(self.mlc)
        elif not isinstance(outcome, Passed):
            outcome = self._explained(name, _NOT_RUN if outcome is None else outcome)
        if name in self.tests.values():
            return report_of(name, self._points[name], outcome, language)
        if isinstance(outcome, CheckFailure):
            outcome = _failed(self._tasks[name], outcome, language)
        return scaled({**outcome, "language": language}, self._points[name])

    def _explained(self, name: str, outcome: Any) -> Any:
        """The outcome of an item, with what is wrong with its answer cell in place of what follows from that."""
        if not isinstance(outcome, CheckFailure):
            lost = any(part["earned"] < part["points"] for part in outcome["parts"])
            fault, _ = self._fault(name) if lost else (None, "")
            return {**outcome, "fault": {"en": fault.en, "zh": fault.zh}} if fault else outcome
        fault, kind = self._fault(name)
        found = outcome.found.en
        follows = found.startswith("NameError") or found in (unsolved().found.en, _NOT_RUN.found.en)
        return failure_of_fault(fault, kind) if fault and follows else outcome

    def _fault(self, name: str) -> tuple[Text | None, str]:
        """What is wrong with an answer cell itself, and the name of the error it raised, if that is it."""
        answer = self.mlc.get("answers", {}).get(name, {})
        state = CELL_STATES.get(answer.get("state", ""))
        if state and answer["state"] != "text":
            return state, ""
        for cell_id in answer.get("cells", []):
            for output in self._cells[cell_id].get("outputs", []):
                if output.output_type == "error" and output.get("ename") != "Stopped":
                    kind = str(output.get("ename", ""))[:100]
                    fault = fault_of_error(kind, str(output.get("evalue", "")))
                    parsed = "does not parse" not in fault.en
                    return (fault if parsed or not state else state), kind
        return None, ""

    @cached_property
    def _cells(self) -> dict[str, NotebookNode]:
        return {cell.id: cell for cell in self.notebook.cells}


def judged_name(cell: NotebookNode) -> str | None:
    """The grade id of a cell that is graded by running it: code that is not the student's to write."""
    data = cell.metadata.get("nbgrader", {})
    judged = cell.cell_type == "code" and data.get("grade") and not data.get("solution")
    return data.get("grade_id") if judged else None


def problem_of_points(points: float) -> Text | None:
    """Why a cell of so many points cannot be judged."""
    if math.isfinite(points) and points >= 0:
        return None
    return Text(f"the cell has {points} points, allowed 0 and more", f"单元格的分值为 {points}，应不小于 0")


def problem_of_cell(name: str, source: str, items: list[str]) -> Text | None:
    """Why a graded cell of the assignment cannot be judged, neither as a check of the course nor as a test."""
    call = parse_check(source)
    if call is None and name in items:
        return Text(f'item {name!r} is judged by check("{name}", <answer>) and nothing else in its cell',
                    f'题目 {name!r} 的单元格中只应有 check("{name}", <答案>)')  # fmt: skip
    if call is not None and call.item not in items:
        found = ", ".join(items)
        return Text(f"there is no item {call.item!r}; the set has {found}", f"没有题目 {call.item!r}；本集有 {found}")
    if call is not None and call.item != name:
        return Text(f"a cell with grade_id {name!r} checks item {call.item!r}; the two must be the same",
                    f"grade_id 为 {name!r} 的单元格检查的是题目 {call.item!r}，两者必须相同")  # fmt: skip
    try:
        if call is None:
            runnable(source)
    except (SyntaxError, ValueError) as error:
        return Text(f"the test does not parse: {error}", f"测试有语法错误：{error}")
    return None


def _unreadable(mlc: dict[str, Any]) -> CheckFailure:
    found = Text(*(str(mlc.get(name, mlc["unreadable"])) for name in ("unreadable", "unreadable_zh")))
    hint = Text("Hand in the notebook file itself, as it was saved.", "请提交保存下来的笔记本文件本身。")
    return CheckFailure(expected=Text("a readable notebook", "可读的笔记本"), found=found, hint=hint)


def _failed(task: dict[str, Any], failure: CheckFailure, language: Language) -> dict[str, Any]:
    parts = failed_parts(described_parts(task["parts"]), failure)
    return report_to_json(Report(task["name"], Text(*task["title"]), tuple(parts), language))
