"""Right answers in notebooks whose cells were lost, moved, doubled or turned into something else earn their points.

The fast tests look at where each item is judged; those with ``grade`` run the notebook.
"""

import contextlib
import copy
import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from submissions import known_cells_of_toy, scores, toy_notebook

from mlc_course.exercises.source import parse_check
from mlc_course.grading.judging.remarks import REMARKS, result_remarks
from mlc_course.grading.vetting.cell_recovery import Recovery, Submitted
from mlc_course.grading.vetting.cell_text import bound_names, called_item, needed_names, normalized, released
from mlc_course.grading.vetting.notebook import Known, read_submission, sanitize

KNOWN = known_cells_of_toy()
SOLVED = json.loads(nbformat.writes(toy_notebook({}, solved=True)))
STARTER = json.loads(nbformat.writes(toy_notebook({}, solved=False)))
FULL = {"axis": 2, "double": 4, "scale": 3, "split": 3}
EXAMPLES = int(os.environ.get("MLC_FUZZ", "100"))
Data = dict[str, Any]


def source_of(cell: Data) -> str:
    return "".join(cell["source"])


def place(data: Data, name: str) -> int:
    """Index of a cell by its own id: answers are called as their grade id, checks ``<item>-check``."""
    return next(i for i, cell in enumerate(data["cells"]) if cell["id"] == name)


def code(source: str, grade_id: str | None = None, cell_id: str = "mine") -> Data:
    metadata = {"nbgrader": {"grade_id": grade_id}} if grade_id else {}
    return {"cell_type": "code", "id": cell_id, "source": source, "metadata": metadata, "outputs": []}


def copied(data: Data, name: str, cell_id: str = "copy") -> Data:
    return {**copy.deepcopy(data["cells"][place(data, name)]), "id": cell_id}


def set_source(name: str, source: Callable[[str], str]) -> Callable[[Data], None]:
    def change(data: Data) -> None:
        cell = data["cells"][place(data, name)]
        cell["source"] = source(source_of(cell))

    return change


def turn_into(kind: str, *names: str) -> Callable[[Data], None]:
    def change(data: Data) -> None:
        for name in names:
            data["cells"][place(data, name)]["cell_type"] = kind

    return change


def remove(*names: str) -> Callable[[Data], None]:
    def change(data: Data) -> None:
        data["cells"] = [cell for cell in data["cells"] if cell["id"] not in names]

    return change


def double_below(name: str) -> Callable[[Data], None]:
    def change(data: Data) -> None:
        data["cells"].insert(place(data, name) + 1, copied(data, name))

    return change


def check_copied_to_the_top(data: Data) -> None:
    data["cells"].insert(0, copied(data, "double-check"))


def check_copied_to_the_end(data: Data) -> None:
    data["cells"].append(code("double = None"))
    data["cells"].append(copied(data, "double-check"))


def check_moved_above_its_answer(data: Data) -> None:
    check = data["cells"].pop(place(data, "double-check"))
    data["cells"].insert(place(data, "double-answer"), check)


def check_moved_to_the_top(data: Data) -> None:
    data["cells"].insert(0, data["cells"].pop(place(data, "split-check")))


def answer_and_check_moved_to_the_end(data: Data) -> None:
    data["cells"] += [data["cells"].pop(place(data, name)) for name in ("axis-answer", "axis-check")]


def answer_split(data: Data) -> None:
    index = place(data, "scale-answer")
    first, second = source_of(data["cells"][index]).split("B = te", 1)
    data["cells"][index]["source"] = first
    data["cells"].insert(index + 1, {**copied(data, "scale-answer"), "source": "B = te" + second})


def answer_split_without_metadata_and_check(data: Data) -> None:
    answer_split(data)
    data["cells"][place(data, "copy")]["metadata"] = {}
    remove("scale-check")(data)


def check_split(data: Data) -> None:
    index = place(data, "axis-check")
    data["cells"][index]["source"] = 'check("axis",'
    data["cells"].insert(index + 1, code("kind)"))


def answer_and_check_in_one_cell(data: Data) -> None:
    source = source_of(data["cells"][place(data, "double-check")])
    remove("double-check")(data)
    data["cells"][place(data, "double-answer")]["source"] += "\n" + source


def metadata_lost(data: Data) -> None:
    """As after a round through Colab: an old format, and no identities of cells."""
    data["nbformat_minor"] = 0
    data["metadata"] = {"colab": {"provenance": []}}
    for cell in data["cells"]:
        cell["metadata"] = {}
        cell.pop("id", None)


def all_ids_the_same(data: Data) -> None:
    for cell in data["cells"]:
        cell["id"] = "axis-answer"
        cell["metadata"] = {}


def ids_made_anew(data: Data) -> None:
    for number, cell in enumerate(data["cells"]):
        cell["id"], cell["metadata"] = f"{number:08x}", {}


def only_ids_left(data: Data) -> None:
    for cell in data["cells"]:
        cell["metadata"] = {}
    set_source("double-check", lambda _: "# my own test\ndouble(np.ones(3))")(data)


def metadata_and_checks_lost(data: Data) -> None:
    remove(*(f"{item}-check" for item in FULL))(data)
    metadata_lost(data)


def everything_in_one_cell(data: Data) -> None:
    text = "\n".join(source_of(cell) for cell in data["cells"] if cell["cell_type"] == "code")
    data["cells"] = [code(text)]


def checks_first_then_answers(data: Data) -> None:
    data["cells"].sort(key=lambda cell: not cell["id"].endswith("-check"))


def unsolved_copy_far_below(data: Data) -> None:
    starter = copied(STARTER, "double-answer")
    data["cells"].append({**starter, "source": "def double(x):\n    # YOUR CODE HERE\n    raise NotImplementedError()"})


def scratch_copy_of_an_answer_for_another_item(data: Data) -> None:
    """The cell of ``axis`` was copied, with its metadata, to where the next item is solved."""
    double = data["cells"].pop(place(data, "double-answer"))
    data["cells"].insert(
        place(data, "double-check"), {**copied(data, "axis-answer"), "source": source_of(double) + "\nkind = None"}
    )


def better_answer_below_its_check(data: Data) -> None:
    index = place(data, "double-answer")
    better = copied(data, "double-answer")
    data["cells"][index]["source"] = "def double(x):\n    return 3 * x"
    data["cells"].insert(place(data, "double-check") + 1, better)


def answer_written_into_a_copy_of_the_check(data: Data) -> None:
    index = place(data, "double-check")
    answer = source_of(data["cells"][place(data, "double-answer")])
    data["cells"].insert(index + 1, {**copied(data, "double-check"), "source": f'{answer}\ncheck("double", double)'})
    remove("double-answer")(data)


def scratch_far_below(data: Data) -> None:
    data["cells"].append(code("kind, double, sch = None, None, None"))


def without_metadata(change: Callable[[Data], None]) -> Callable[[Data], None]:
    def both(data: Data) -> None:
        change(data)
        metadata_lost(data)

    return both


CHANGES: dict[str, tuple[Callable[[Data], None], set[tuple[str, str]]]] = {
    "check missing": (remove("double-check"), {("double", "missing")}),
    "all checks missing": (remove(*(f"{item}-check" for item in FULL)), {(item, "missing") for item in FULL}),
    "check doubled": (double_below("double-check"), {("double", "doubled")}),
    "check copied to the top": (check_copied_to_the_top, {("double", "doubled")}),
    "check copied to the end": (check_copied_to_the_end, {("double", "doubled")}),
    "check above its answer": (check_moved_above_its_answer, {("double", "moved")}),
    "check at the top": (check_moved_to_the_top, {("split", "moved")}),
    "check commented out": (set_source("axis-check", lambda s: f"# {s}"), {("axis", "edited")}),
    "check with other quotes": (set_source("axis-check", lambda s: s.replace('"', "'")), {("axis", "edited")}),
    "check with curly quotes": (set_source("axis-check", lambda _: "check(“axis”, kind)"), {("axis", "edited")}),
    "check with spaces": (set_source("axis-check", lambda _: '\ncheck( "axis",\n  kind )  ;'), {("axis", "edited")}),
    "check of something else": (
        set_source("double-check", lambda _: 'check("double", lambda x: x)'),
        {("double", "edited")},
    ),
    "check replaced by code": (set_source("axis-check", lambda _: "print(kind)"), {("axis", "edited")}),
    "check emptied": (set_source("axis-check", lambda _: ""), {("axis", "edited")}),
    "check turned to text": (turn_into("markdown", "double-check"), {("double", "text")}),
    "check turned to raw": (turn_into("raw", "double-check", "split-check"), {("double", "text"), ("split", "text")}),
    "check split": (check_split, {("axis", "edited")}),
    "answer doubled": (double_below("double-answer"), set()),
    "answer split": (answer_split, set()),
    "answer split, check missing": (answer_split_without_metadata_and_check, {("scale", "missing")}),
    "answer turned to text": (turn_into("markdown", "double-answer"), {("double-answer", "answer_text")}),
    "answer and check in one cell": (answer_and_check_in_one_cell, {("double", "missing")}),
    "answer and check at the end": (answer_and_check_moved_to_the_end, set()),
    "metadata lost": (metadata_lost, {("", "metadata")}),
    "all ids the same": (all_ids_the_same, {("", "metadata")}),
    "ids made anew": (ids_made_anew, {("", "metadata")}),
    "only ids left": (only_ids_left, {("", "metadata"), ("double", "edited")}),
    "metadata and checks lost": (
        metadata_and_checks_lost,
        {("", "metadata"), *((item, "missing") for item in FULL)},
    ),
    "everything in one cell": (
        everything_in_one_cell,
        {("", "metadata"), *((item, "missing") for item in FULL)},
    ),
    "checks first": (checks_first_then_answers, {(item, "moved") for item in FULL}),
    "unsolved copy far below": (unsolved_copy_far_below, set()),
    "answer written into the check": (
        answer_written_into_a_copy_of_the_check,
        {("double", "edited"), ("double", "doubled")},
    ),
    "names used for something else far below": (scratch_far_below, set()),
    "the same without metadata": (without_metadata(scratch_far_below), {("", "metadata")}),
    "doubled check without metadata": (
        without_metadata(double_below("double-check")),
        {("", "metadata"), ("double", "doubled")},
    ),
    "commented check without metadata": (
        without_metadata(set_source("axis-check", lambda s: f"## {s}")),
        {("", "metadata"), ("axis", "edited")},
    ),
    "check as text without metadata": (
        without_metadata(turn_into("markdown", "axis-check")),
        {("", "metadata"), ("axis", "text")},
    ),
    "copy used for another item": (scratch_copy_of_an_answer_for_another_item, set()),
    "better answer below its check": (better_answer_below_its_check, {("double", "moved")}),
}


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
            found[name] = eval(str(parse_check(cell.source).answer), names)
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


@pytest.mark.parametrize("text", HOSTILE)
def test_finding_cells_takes_linear_time_in_what_a_student_writes(text):
    def seconds(cells: int, length: int) -> float:
        data = [Submitted("code", (text * length)[:length], None, "") for _ in range(cells)]
        start = time.process_time()
        Recovery(data, KNOWN).placed()
        return time.process_time() - start

    assert seconds(16, 60_000) <= 10 * 8 * seconds(16, 7_500) + 0.5
    assert seconds(2_000, 500) <= 10 * 8 * seconds(250, 500) + 0.5
    assert seconds(2_000, 8_000) < 10


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("kind = 1", {"kind"}), ("a, (b, *c) = f(x)", {"a", "b", "c"}), ("a = b = 3", {"a", "b"}), ("x += y", {"x"}),
        ("@deco\ndef f(x, y=2):\n    z = 1", {"f", "z"}), ("async def g(): pass", {"g"}), ("class K(B): pass", {"K"}),
        ("import numpy as np", {"numpy", "as", "np", "import"}), ("f(x, key=3)", set()), ("a == b", set()),
        ("f(\n    scale=2,\n)", set()), ("if 1:\n    scale = 2", {"scale"}),
        ("# a = 1", set()), ("a: int = 3", {"a", "int"}), ("a.b = 3", {"a", "b"}), ("变量 = 1", {"变量"}),
    ],
)  # fmt: skip
def test_names_a_cell_binds_are_told_from_its_text(source, names):
    assert bound_names(source) == names


@pytest.mark.parametrize(
    ("source", "item"),
    [
        ('check("axis", kind)', "axis"), ("check('axis', kind)", "axis"), ("# check ( 'axis', kind)", "axis"),
        ('x = 1\ncheck(\n  "axis", kind)', "axis"), ('check("a", 1); check("b", 2)', None), ("recheck('axis')", None),
        ("check(axis)", None), ("", None),
    ],
)  # fmt: skip
def test_the_check_a_cell_calls_is_told_from_its_text(source, item):
    assert called_item(source) == item


def test_names_that_a_test_needs_are_those_it_does_not_define():
    assert needed_names("for x in range(3):\n    assert f(x) == g.h(x), print(k)") == {"f", "g", "k"}
    assert needed_names('check("axis", kind)') == {"kind"}
    assert released("a\n### BEGIN HIDDEN TESTS\nb\n### END HIDDEN TESTS\nc") == "a\nc"
