"""Right answers in notebooks whose cells were lost, moved, doubled or turned into something else earn their points.

The fast tests look at where each item is judged; those with ``grade`` run the notebook.
"""

import contextlib
import copy
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from bounds import cost, grows_linearly
from damaged_notebooks import (
    CHANGES,
    FULL,
    KNOWN,
    SOLVED,
    STARTER,
    Data,
    code,
    metadata_lost,
    place,
    set_source,
    source_of,
    turn_into,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from present import present
from submissions import scores

from mlc_course.exercises.source import parse_check
from mlc_course.grading.judging.remarks import REMARKS, result_remarks
from mlc_course.grading.vetting.cell_recovery import Recovery, Submitted
from mlc_course.grading.vetting.cell_text import normalized
from mlc_course.grading.vetting.notebook import Known, read_submission, sanitize

EXAMPLES = int(os.environ.get("MLC_FUZZ", "100"))


def taken_in(folder: Path, data: Data, known: dict[str, Known] = KNOWN) -> Any:
    path = folder / "toy.ipynb"
    path.write_text(json.dumps(data))
    notebook = sanitize(read_submission(path), known)
    nbformat.validate(notebook)
    return notebook


def named(notebook: Any) -> list[str]:
    return [cell.metadata.nbgrader.grade_id for cell in notebook.cells if "nbgrader" in cell.metadata]


@pytest.mark.parametrize("what", CHANGES)
def test_each_item_is_judged_once_by_the_check_of_the_assignment_and_what_was_recovered_is_said(tmp_path, what):
    change, remarks = CHANGES[what]
    data = copy.deepcopy(SOLVED)
    change(data)
    notebook = taken_in(tmp_path, data)
    for item in FULL:
        assert named(notebook).count(item) == 1
    cells = {cell.metadata.nbgrader.grade_id: cell for cell in notebook.cells if "nbgrader" in cell.metadata}
    assert all(cells[item].source == KNOWN[item].source for item in FULL)
    assert {tuple(remark) for remark in notebook.metadata.mlc.remarks} == remarks
    assert {what for _, what in remarks} <= set(REMARKS)


def answers_where_they_are_judged(notebook: Any) -> dict[str, Any]:
    """What each check would be given, were the notebook's cells run one after another in this process."""
    names: dict[str, Any] = {"check": lambda item, answer: None, "checker": lambda stem, lang: names["check"]}
    found = {}
    for cell in (cell for cell in notebook.cells if cell.cell_type == "code"):
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        text = cell.source.replace("from mlc_course.exercises import checker", "pass")
        with contextlib.suppress(Exception):  # as a kernel goes on after a cell that raises
            exec(compile(text, "<cell>", "exec"), names)
        if name in FULL:
            found[name] = eval(str(present(parse_check(cell.source)).answer), names)
    return found


@pytest.mark.parametrize("what", CHANGES)
def test_each_check_stands_where_its_answer_is_complete(tmp_path, what):
    data = copy.deepcopy(SOLVED)
    CHANGES[what][0](data)
    given = answers_where_they_are_judged(taken_in(tmp_path, data))
    assert given["axis"] == "reduction"
    assert given["double"](21) == 42
    assert given["scale"]["main"]
    assert [int(given["split"].get(loop).extent) for loop in given["split"].get_loops("B")] == [15, 4]


@pytest.mark.parametrize("what", CHANGES)
def test_a_right_answer_earns_its_points_whatever_became_of_its_cells(tmp_path, toy_grader, what):
    change, remarks = CHANGES[what]
    data = copy.deepcopy(SOLVED)
    change(data)
    result = toy_grader.grade(taken_in(tmp_path, data), None)
    assert scores(result) == FULL, json.dumps(result["items"], ensure_ascii=False)[:3000]
    assert {(remark["cell"], remark["what"]) for remark in result["remarks"]} == remarks
    assert len(result_remarks(result)) == len({what for _, what in remarks})


HAND_GRADED = {
    "essay": Known("markdown", "Write here", grade=True, solution=True, points=5),
    "program": Known("code", "# YOUR CODE HERE", grade=True, solution=True, points=5),
    "work": Known("markdown", "Do this", task=True, points=3),
}
KNOWN_BY_HAND = {**KNOWN, **HAND_GRADED}


def changed(*changes: Callable[[Data], None], of: Data = STARTER) -> Data:
    data = copy.deepcopy(of)
    for change in changes:
        change(data)
    return data


def claim(name: str, grade_id: str, **more: Any) -> Callable[[Data], None]:
    def change(data: Data) -> None:
        data["cells"][place(data, name)]["metadata"] = {"nbgrader": {"grade_id": grade_id, **more}}

    return change


def add(*cells: Data) -> Callable[[Data], None]:
    return lambda data: data["cells"].extend(copy.deepcopy(list(cells)))


def own_metadata(data: Data) -> None:
    answers = {item: {"cells": ["cell-0"], "state": ""} for item in FULL}
    data["metadata"]["mlc"] = {"remarks": [["axis", "missing"]], "answers": answers, "unreadable": "no"}


RIGHT_DOUBLE = "lambda x: 2 * x"
FORGED = {
    "check of a right function": changed(set_source("double-check", lambda _: f'check("double", {RIGHT_DOUBLE})')),
    "check that defines another name": changed(
        set_source("double-check", lambda _: f'check("double", (twice := {RIGHT_DOUBLE}))')
    ),
    "two checks, one of a right function": changed(add(code(f'check("double", {RIGHT_DOUBLE})', "double"))),
    "a second check under another id": changed(add(code('check("axis", "reduction")', None, "axis-check-2"))),
    "grade ids exchanged": changed(claim("axis-check", "double"), claim("double-check", "axis")),
    "points and flags in the metadata": changed(
        claim("double-check", "double", points=1000, solution=True, grade=False, locked=False, task=True)
    ),
    "the answer claims to be the check": changed(claim("axis-answer", "axis"), claim("double-answer", "double")),
    "the check claims to be the answer": changed(claim("axis-check", "axis-answer")),
    "metadata of the grader": changed(own_metadata),
    "check replaced by its result": changed(set_source("double-check", lambda _: "4"), add(code("4", "double"))),
    "unknown grade ids": changed(add(code("4", "no-such-cell"), code('check("tripel", 1)', "tripel"))),
    "checks in a text": changed(
        turn_into("markdown", "double-check"), set_source("double-check", lambda _: f'check("double", {RIGHT_DOUBLE})')
    ),
}


@pytest.mark.parametrize("how", FORGED)
def test_what_a_student_makes_of_check_cells_earns_nothing(tmp_path, toy_grader, how):
    result = toy_grader.grade(taken_in(tmp_path, FORGED[how]), None)
    assert scores(result) == {"axis": 0, "double": 1, "scale": 0, "split": 0}, how


CLAIMS = ["essay", "program", "work", "double", "axis", "axis-answer", "double-answer"]


@st.composite
def mixed_cells(draw: st.DrawFn) -> list[Data]:
    """Cells of the solved notebook, some left out, some more than once, some turned into something else."""
    cells = copy.deepcopy(draw(st.lists(st.sampled_from(SOLVED["cells"]), max_size=20)))
    cells = [copy.deepcopy(cell) for cell in cells]
    for number, cell in enumerate(cells):
        for kind in draw(st.lists(st.sampled_from(["claim", "id", "type", "source", "lost"]), max_size=2)):
            if kind == "claim":
                cell["metadata"] = {"nbgrader": {"grade_id": draw(st.sampled_from(CLAIMS))}}
            elif kind == "id":
                cell["id"] = draw(st.sampled_from([*CLAIMS, "axis-check", "double-check"]))
            elif kind == "type":
                cell["cell_type"] = draw(st.sampled_from(["code", "markdown", "raw"]))
            elif kind == "source":
                cell["source"] = f"mine_{number} = 1"
            else:
                cell["metadata"] = {}
    return cells


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(mixed_cells())
def test_any_mixture_of_cells_is_one_assignment_and_loses_none_of_the_students_code(tmp_path, cells):
    notebook = taken_in(tmp_path, {**SOLVED, "cells": cells}, KNOWN_BY_HAND)
    found = named(notebook)
    for name, entry in KNOWN_BY_HAND.items():
        assert found.count(name) == 1 or not (entry.grade or entry.task)
        assert found.count(name) <= 1
    for cell in (cell for cell in notebook.cells if "nbgrader" in cell.metadata):
        data = cell.metadata.nbgrader
        entry = KNOWN_BY_HAND[data.grade_id]
        assert (cell.cell_type, data.grade, data.solution) == (entry.cell_type, entry.grade, entry.solution)
        assert not entry.judged or cell.source == entry.source
    locked = {normalized(entry.source) for entry in KNOWN.values() if entry.locked}
    mine = [source_of(cell) for cell in cells if normalized(source_of(cell)) not in locked]
    assert [source for cell in notebook.cells if (source := source_of(cell)) in mine] == mine


def by_name(notebook: Any) -> dict[str, Any]:
    return {cell.metadata.nbgrader.grade_id: cell for cell in notebook.cells if "nbgrader" in cell.metadata}


def test_a_cell_graded_by_hand_is_not_judged_and_one_that_is_judged_is_not_graded_by_hand(tmp_path):
    data = changed(
        add(code('check("double", double)', "essay"), code("plot()", "program"), code("5", "work")),
        claim("double-check", "program"),
    )
    cells = by_name(taken_in(tmp_path, data, KNOWN_BY_HAND))
    assert (cells["essay"].cell_type, cells["essay"].metadata.nbgrader.solution) == ("markdown", True)
    assert (cells["program"].source, cells["program"].metadata.nbgrader.solution) == ("plot()", True)
    assert cells["double"].source == KNOWN["double"].source


def test_a_text_to_be_graded_by_hand_in_a_notebook_without_metadata_is_not_taken_for_no_response(tmp_path):
    data = changed(metadata_lost, add({"cell_type": "markdown", "source": "My essay", "metadata": {}}))
    notebook = taken_in(tmp_path, data, KNOWN_BY_HAND)
    assert by_name(notebook)["essay"].source != HAND_GRADED["essay"].source
    assert ["essay", "by_hand"] in [list(remark) for remark in notebook.metadata.mlc.remarks]


def test_locked_text_and_code_of_the_instructors_own_are_written_back(tmp_path):
    helper = {"helper": Known("code", "def helper():\n    return 1", locked=True)}
    known = {**helper, **KNOWN, "rules": Known("markdown", "The rules", locked=True)}
    rules = {"cell_type": "markdown", "source": "No rules", "metadata": {"nbgrader": {"grade_id": "rules"}}}
    edited = changed(add(code("def helper():\n    return 2", "helper", "h"), rules))
    for data in (edited, STARTER):
        cells = by_name(taken_in(tmp_path, data, known))
        assert cells["helper"].source == known["helper"].source
        assert cells.get("rules", known["rules"]).source == "The rules"
    assert next(iter(cells)) == "helper", "before the cells that may need it"


HOSTILE = [
    "\n",
    " ",
    "#",
    "= ",
    "double = ",
    "(double, ",
    'check("',
    "check( ",
    '"',
    "'",
    "double\n",
    "def ",
    "（",
    "a.b = ",
]


@pytest.mark.timed
@pytest.mark.parametrize("text", HOSTILE)
def test_finding_cells_takes_linear_time_in_what_a_student_writes(text):
    def seconds(cells: int, length: int) -> float:
        data = [Submitted("code", (text * length)[:length], None, "") for _ in range(cells)]
        return cost(Recovery(data, KNOWN).placed, memory=False).seconds

    assert grows_linearly(lambda length: seconds(16, length), 7_500)
    assert grows_linearly(lambda cells: seconds(cells, 500), 250)
    assert seconds(2_000, 8_000) < 10
