"""One grader for the toy set, shared by the tests of grading; without a sandbox they do not run."""

import os
import shutil
from collections.abc import Iterator
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_markdown_cell
from submissions import TOY, known_cells_of_toy

from mlc_course.exercises.course import create_course
from mlc_course.grading import grader
from mlc_course.grading.classroom import Classroom
from mlc_course.grading.grader import Grader, Settings
from mlc_course.grading.sandbox import sandbox_problem
from mlc_course.grading.session import Times
from mlc_course.grading.submission import sanitize
from mlc_course.grading.warm import JobLimits
from mlc_course.root import course_root

SETTINGS = Settings(Times(cell=90, answer=20, notebook=400), JobLimits(wall=25, cpu=15))


@pytest.fixture(scope="session", autouse=True)
def _sandbox() -> None:
    problem = sandbox_problem()
    if problem and not os.environ.get("CI"):
        pytest.skip(f"*** GRADING TESTS NOT RUN: {problem}")
    assert problem is None, problem


@pytest.fixture(scope="package")
def toy_grader(_sandbox) -> Iterator[Grader]:
    """A grader of the toy set, with short times."""
    patch = pytest.MonkeyPatch()
    patch.setenv("MLC_COURSE_ROOT", str(TOY))
    course_root.cache_clear()
    try:
        grader = Grader("toy", SETTINGS)
        assert [task["name"] for task in grader.tasks] == ["axis", "double", "scale", "split"]
    finally:
        patch.undo()
        course_root.cache_clear()
    yield grader
    grader.stop()


@pytest.fixture
def grade(toy_grader):
    """Grade a notebook as it would be after nbgrader took it in."""

    def graded(notebook: Any) -> dict[str, Any]:
        return toy_grader.grade(sanitize(notebook, known_cells_of_toy()), None)

    return graded


@pytest.fixture(scope="module")
def room(tmp_path_factory):
    """A course folder with the toy assignment, to which the instructor added a cell graded by hand."""
    patch = pytest.MonkeyPatch()
    root = tmp_path_factory.mktemp("course")
    shutil.copytree(TOY, root, dirs_exist_ok=True)
    shutil.copy(course_root() / "exercises" / "nbgrader_config.py", root / "exercises")
    patch.setenv("MLC_COURSE_ROOT", str(root))
    for cached in (course_root, grader.grader_for, grader.checks_version):
        cached.cache_clear()
    folder = root / "class"
    create_course(folder, "en")
    source = folder / "source" / "toy" / "toy.ipynb"
    notebook = nbformat.read(source, 4)
    essay = {
        "grade": True,
        "grade_id": "essay",
        "locked": False,
        "solution": True,
        "points": 5,
        "schema_version": 3,
        "task": False,
    }
    notebook.cells.append(new_markdown_cell("Why?", id="essay", metadata={"nbgrader": essay}))
    nbformat.write(notebook, source)
    made = Classroom(folder)
    made.generate_assignment("toy")
    yield made
    grader.grader_for("toy").stop()
    patch.undo()
    for cached in (course_root, grader.grader_for, grader.checks_version):
        cached.cache_clear()
