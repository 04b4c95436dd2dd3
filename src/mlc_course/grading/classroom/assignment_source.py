"""Steps of ``nbgrader generate_assignment``: refuse a source notebook that could not be graded, say what it was made with."""

from collections.abc import Mapping
from typing import Any

from nbformat.notebooknode import NotebookNode
from nbgrader.preprocessors import ClearHiddenTests, NbGraderPreprocessor

from mlc_course.exercises.catalog import exercise_stems, load_tasks
from mlc_course.exercises.source import answer_id
from mlc_course.grading.judging.graded_cells import judged_name, problem_of_cell, problem_of_points
from mlc_course.grading.judging.grader import checks_version
from mlc_course.grading.vetting.cell_text import BEGIN_HIDDEN, END_HIDDEN

_BY_HAND = (
    "a cell whose points are to be given by hand is 'Manually graded answer' in the Create Assignment panel "
    '("grade": true, "solution": true)'
)


class NotGradable(Exception):
    """A source notebook could not be graded; the message names the cell and says what to do."""


class RequireGradable(NbGraderPreprocessor):
    """Refuses to release what could not be graded, and writes the version of the checks into what is released."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        where = resources["nbgrader"]
        stem = where["notebook"]
        if stem not in exercise_stems():
            known = ", ".join(exercise_stems())
            raise NotGradable(f"{stem}.ipynb is named after no exercise set of this course ({known}): rename it")
        hidden = ClearHiddenTests(parent=self.parent)
        if (hidden.begin_test_delimeter, hidden.end_test_delimeter) != (BEGIN_HIDDEN, END_HIDDEN):
            raise NotGradable(
                f"hidden tests stand between {BEGIN_HIDDEN!r} and {END_HIDDEN!r}: leave these settings out"
            )
        points = {task.name: task.points for task in load_tasks(stem)}
        problems = problems_of_source(nb, list(points))
        if problems:
            raise NotGradable(f"{stem}.ipynb was not released. " + " ".join(problems))
        for remark in remarks_on_source(nb, points):
            self.log.warning("%s.ipynb: %s", stem, remark)
        nb.metadata["mlc"] = {**nb.metadata.get("mlc", {}), "checks": checks_version(stem)}
        return nb, resources


def problems_of_source(notebook: NotebookNode, items: list[str]) -> list[str]:
    """Why a source notebook could not be graded: a sentence for each cell, with what to do about it."""
    problems = []
    present = set()
    for number, cell in enumerate(notebook.cells, 1):
        data = cell.metadata.get("nbgrader", {})
        name = data.get("grade_id")
        present.add(name)
        if data.get("grade") or data.get("task"):
            points = data.get("points")
            number_given = isinstance(points, int | float) and not isinstance(points, bool)
            if not number_given or problem_of_points(points) or (name in items and points == 0):
                problems.append(f"Cell {number} ({name}) has {points!r} points: give it a number above 0.")
        if judged_name(cell):
            wrong = problem_of_cell(name, cell.source, items)
            problems += [f"Cell {number} ({name}): {wrong.en}; mend it, or {_BY_HAND}."] if wrong else []
        elif name in items:
            problems.append(f'Cell {number} ({name}): an item of the course is graded by check("{name}", <answer>) in a '
                            "code cell marked 'Autograder tests'; make it one, or give the cell another id.")  # fmt: skip
    lone = [item for item in items if answer_id(item) in present and item not in present]
    return problems + [f'The check cell of {item!r} is missing: put check("{item}", <answer>) back under its answer cell '
                       "(grade id and cell as `mlc course create` makes them), or take its answer cell out too."
                       for item in lone]  # fmt: skip


def remarks_on_source(notebook: NotebookNode, points: Mapping[str, float]) -> list[str]:
    """What an instructor has changed in a source notebook and may like to see confirmed."""
    cells = {cell.metadata["nbgrader"]["grade_id"]: cell.metadata["nbgrader"] for cell in notebook.cells
             if judged_name(cell)}  # fmt: skip
    remarks = [f"item {item} is left out" for item in points if item not in cells]
    for item, data in cells.items():
        if item not in points:
            remarks.append(f"{item} is a test of your own; it runs in the student's process, which can deceive it")
        elif data["points"] != points[item]:
            remarks.append(f"{item} has {data['points']:g} points here, its parts are scaled from {points[item]:g}")
    return remarks
