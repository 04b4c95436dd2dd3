"""A fault of an answer cell is told as that fault, not as what follows from it; in the grader and in ``mlc check``."""

import copy
from typing import Any

import nbformat
import pytest
from present import present
from submissions import LIGHT, known_cells_of_toy, scores, toy_notebook

from mlc_course.exercises.cell_errors import fault_of_error, is_empty
from mlc_course.exercises.notebook_check import check_notebook
from mlc_course.grading.vetting.notebook import sanitize

BROKEN = "x = 1\n\ndef double(x):\n    return (2 * x\n"
NOT_CLOSED = (
    "the answer cell does not parse: line 4: incomplete, a bracket, a quote or a block is not closed",
    "答案单元有语法错误：第 4 行：不完整，有括号、引号或代码块没有结束",
)
RAISED = (
    "the answer cell raised ZeroDivisionError: division by zero",
    "答案单元抛出 ZeroDivisionError：除数为零",
)
FAULTS = {
    "syntax": (BROKEN, NOT_CLOSED),
    "syntax beside a magic command": ("%time 1" + BROKEN[5:], NOT_CLOSED),
    "indentation": (
        "def double(x):\nreturn 2 * x",
        (
            "the answer cell does not parse: line 2: expected an indented block after function definition on line 1",
            "答案单元有语法错误：第 2 行：expected an indented block after function definition on line 1",
        ),
    ),
    "raised": ("y = 1 / 0\ndef double(x):\n    return 2 * x", RAISED),
    "emptied": ("# nothing\npass", ("the answer cell is empty", "答案单元是空的")),
}


def messages(report: dict[str, Any]) -> tuple[str, str]:
    part = report["parts"][0]
    return part["message"]["en"], part["message"]["zh"]


def submitted(source: str) -> Any:
    return toy_notebook({**LIGHT, "double-answer": source}, solved=True)


@pytest.mark.parametrize("what", FAULTS)
def test_a_fault_of_an_answer_cell_is_reported_in_both_languages(grade, what):
    source, (english, chinese) = FAULTS[what]
    result = grade(submitted(source))
    assert scores(result)["double"] == 0
    said = messages(result["items"]["double"])
    assert english in said[0]
    assert chinese in said[1]
    assert "NameError" not in said[0]


def test_a_deleted_answer_cell_is_reported_as_deleted(grade):
    notebook = submitted("pass")
    notebook.cells = [cell for cell in notebook.cells if cell.id != "double-answer"]
    said = messages(grade(notebook)["items"]["double"])
    assert "the answer cell was deleted" in said[0]
    assert "答案单元已被删除" in said[1]


def test_an_answer_that_is_prose_is_reported_as_text(grade):
    notebook = submitted("I double every number, see above.")
    cell = next(cell for cell in notebook.cells if cell.id == "double-answer")
    cell.cell_type = "markdown"
    said = messages(grade(notebook)["items"]["double"])
    assert "the answer cell is text, not code" in said[0]


def test_the_starter_code_is_reported_as_not_solved(grade):
    result = grade(toy_notebook({**LIGHT, "axis-answer": "# YOUR CODE HERE\nraise NotImplementedError()"}, solved=True))
    assert "not solved yet" in messages(result["items"]["axis"])[0]


def test_an_answer_that_is_judged_and_wrong_says_what_its_cell_raised_besides(grade):
    result = grade(submitted("def double(x):\n    return 3 * x\n1 / 0"))
    report = result["items"]["double"]
    assert report["score"] == 1
    assert report["fault"]["en"] == RAISED[0]


def test_an_answer_in_another_cell_is_judged_whatever_is_in_its_own(grade):
    notebook = submitted(BROKEN)
    index = next(i for i, cell in enumerate(notebook.cells) if cell.id == "double-answer")
    other = copy.deepcopy(notebook.cells[index])
    other.metadata, other.source = {}, "def double(x):\n    return 2 * x"
    notebook.cells.insert(index + 1, other)
    assert scores(grade(notebook))["double"] == 4


def test_cells_of_two_halves_both_tell_where_they_do_not_parse():
    notebook = submitted(BROKEN)
    index = next(i for i, cell in enumerate(notebook.cells) if cell.id == "double-answer")
    notebook.cells.insert(index + 1, copy.deepcopy(notebook.cells[index]))
    answers = sanitize(notebook, known_cells_of_toy()).metadata.mlc.answers
    assert len(answers["double"]["cells"]) == 2


@pytest.mark.parametrize(
    ("name", "message", "said"),
    [
        ("SyntaxError", "invalid syntax (1234.py, line 3)", "the answer cell does not parse: line 3: invalid syntax"),
        (
            "SyntaxError",
            "invalid syntax (<string>, line 12)",
            "the answer cell does not parse: line 12: invalid syntax",
        ),
        (
            "SyntaxError",
            "'(' was never closed (a.py, line 1)",
            "the answer cell does not parse: line 1: '(' was never closed",
        ),
        ("SyntaxError", "made up", "the answer cell does not parse: made up"),
        ("KeyError", "'a'", "the answer cell raised KeyError: 'a'"),
        ("KeyError", "", "the answer cell raised KeyError"),
    ],
)
def test_what_an_error_says_of_a_cell(name, message, said):
    assert fault_of_error(name, message).en == said


@pytest.mark.parametrize(
    ("source", "empty"), [("", True), ("# a\n\npass\n...", True), ("x = 1", False), ("'a'", False)]
)
def test_a_cell_of_comments_is_empty(source, empty):
    assert is_empty(source) is empty


@pytest.mark.parametrize("what", FAULTS)
def test_mlc_check_tells_the_same_fault(tmp_path, monkeypatch, what):
    from submissions import TOY

    monkeypatch.setenv("MLC_COURSE_ROOT", str(TOY))
    source, (english, chinese) = FAULTS[what]
    nbformat.write(submitted(source), tmp_path / "toy.ipynb")
    reports = {report.name: report for report in check_notebook(tmp_path / "toy.ipynb").reports}
    message = present(reports["double"].results[0].message)
    assert english in message.en
    assert chinese in message.zh
