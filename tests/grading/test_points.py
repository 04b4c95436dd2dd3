"""Points changed in ``source/``: parts scale to the cell's points, exactly, and what cannot be graded is not released."""

from fractions import Fraction

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell
from submissions import TOY

from mlc_course.exercises.notebooks import instructor_notebook
from mlc_course.grading.classroom.assignment_source import problems_of_source, remarks_on_source
from mlc_course.grading.judging.points import UNITS, scaled, share

ITEMS = {"axis": 2, "double": 4, "scale": 3, "split": 3}


def report(points: list[int], earned: list[bool]) -> dict:
    return {"parts": [{"points": p, "earned": p if e else 0} for p, e in zip(points, earned, strict=True)]}


@pytest.mark.parametrize(
    ("points", "parts", "shares"),
    [
        (10, [3, 1], [7.5, 2.5]), (6, [3, 1], [4.5, 1.5]), (3, [1, 1, 1], [1, 1, 1]), (10, [1, 1, 1], [3.34, 3.33, 3.33]),
        (0.5, [3, 1], [0.38, 0.12]), (0, [3, 1], [0, 0]), (4, [3, 1], [3, 1]), (1, [2, 3, 1], [0.33, 0.5, 0.17]),
    ],
)  # fmt: skip
def test_parts_get_points_in_proportion(points, parts, shares):
    assert share(points, parts) == shares


@given(st.integers(0, 100_000), st.lists(st.integers(1, 20), min_size=1, max_size=9), st.data())
def test_parts_sum_to_the_cells_points_and_a_full_answer_earns_exactly_those(hundredths, parts, data):
    points = hundredths / UNITS
    shares = share(points, parts)
    assert sum(round(each * UNITS) for each in shares) == hundredths
    for got, part in zip(shares, parts, strict=True):
        assert abs(Fraction(str(got)) - Fraction(str(points)) * part / sum(parts)) < Fraction(11, 1000)
    assert scaled(report(parts, [True] * len(parts)), points)["score"] == points
    assert scaled(report(parts, [False] * len(parts)), points)["score"] == 0
    earned = data.draw(st.lists(st.booleans(), min_size=len(parts), max_size=len(parts)))
    assert 0 <= scaled(report(parts, earned), points)["score"] <= points


@given(st.floats(0, 1000), st.lists(st.integers(1, 20), min_size=1, max_size=9))
def test_points_of_any_fraction_are_earned_to_the_last_bit(points, parts):
    assert scaled(report(parts, [True] * len(parts)), points)["score"] == points


def source() -> nbformat.NotebookNode:
    return instructor_notebook("toy", "en", TOY)


def cell(notebook: nbformat.NotebookNode, grade_id: str) -> nbformat.NotebookNode:
    return next(c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id") == grade_id)


def own_test(notebook: nbformat.NotebookNode, text: str, **data: object) -> None:
    metadata = {"grade_id": "own", "grade": True, "solution": False, "locked": True, "points": 2, "schema_version": 3}
    notebook.cells.append(new_code_cell(text, metadata={"nbgrader": {**metadata, "task": False, **data}}))


def test_the_source_as_it_is_made_is_released_without_a_word():
    assert problems_of_source(source(), list(ITEMS)) == []
    assert remarks_on_source(source(), ITEMS) == []


@pytest.mark.parametrize("points", [0, -1, float("nan"), float("inf"), "4", None, True])
def test_points_that_cannot_be_scaled_are_refused_with_what_to_do(points):
    notebook = source()
    cell(notebook, "double").metadata.nbgrader.points = points
    (problem,) = problems_of_source(notebook, list(ITEMS))
    assert f"(double) has {points!r} points: give it a number above 0" in problem


def unknown_item(notebook):
    own_test(notebook, 'check("tripel", triple)')


def other_id(notebook):
    cell(notebook, "double").metadata.nbgrader.grade_id = "twice"


def other_source(notebook):
    cell(notebook, "double").source = "assert double(2) == 4"


def more_in_the_cell(notebook):
    cell(notebook, "double").source += "\nassert double(2) == 4"


def check_missing(notebook):
    notebook.cells.remove(cell(notebook, "double"))


def by_hand(notebook):
    cell(notebook, "double").metadata.nbgrader.solution = True


def broken_test(notebook):
    own_test(notebook, "assert (")


def waiting_test(notebook):
    own_test(notebook, "await triple(2)")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (unknown_item, "there is no item 'tripel'; the set has axis, double, scale, split"),
        (other_id, "a cell with grade_id 'twice' checks item 'double'"),
        (other_source, "item 'double' is judged by check(\"double\", <answer>)"),
        (more_in_the_cell, "item 'double' is judged by check(\"double\", <answer>)"),
        (check_missing, "The check cell of 'double' is missing: put check(\"double\", <answer>) back"),
        (by_hand, 'an item of the course is graded by check("double", <answer>)'),
        (broken_test, "the test does not parse"),
        (waiting_test, "the test does not parse"),
    ],
)
def test_what_could_not_be_graded_is_refused_with_what_to_do(change, said):
    notebook = source()
    change(notebook)
    problems = " ".join(problems_of_source(notebook, list(ITEMS)))
    assert said in problems
    assert any(advice in problems for advice in ("mend it, or", "put check", "make it one"))


def test_other_points_items_left_out_and_tests_of_ones_own_are_told():
    notebook = source()
    cell(notebook, "axis").metadata.nbgrader.points = 5
    for grade_id in ("double", "double-answer"):
        notebook.cells.remove(cell(notebook, grade_id))
    own_test(notebook, "assert triple(2) == 6")
    assert problems_of_source(notebook, list(ITEMS)) == []
    told = " ".join(remarks_on_source(notebook, ITEMS))
    for text in (
        "item double is left out",
        "axis has 5 points here, its parts are scaled from 2",
        "own is a test of your own",
    ):
        assert text in told
