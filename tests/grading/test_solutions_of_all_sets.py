"""Every exercise set of the course: its solution gets full marks from the trusted grader."""

import pytest
from submissions import known_cells_of

from mlc_course.exercises.catalog import exercise_stems, load_tasks
from mlc_course.exercises.notebooks import instructor_notebook
from mlc_course.grading.judging.grader import Grader
from mlc_course.grading.vetting.notebook import sanitize


@pytest.mark.parametrize("stem", exercise_stems())
def test_the_solution_gets_full_marks_in_the_box(stem):
    grader = Grader(stem)
    try:
        result = grader.grade(sanitize(instructor_notebook(stem, "zh"), known_cells_of(stem)), None)
    finally:
        grader.stop()
    lost = [(i["name"], p["message"]) for i in result["items"].values() for p in i["parts"] if p["message"]]
    assert lost == []
    assert {n: i["score"] for n, i in result["items"].items()} == {t.name: t.points for t in load_tasks(stem)}
