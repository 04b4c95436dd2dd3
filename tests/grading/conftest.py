"""One grader for the toy set, shared by the tests of grading; without a sandbox they do not run."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from submissions import TOY, known_cells_of_toy

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
