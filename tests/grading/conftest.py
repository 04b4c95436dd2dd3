"""One grader for the toy set, shared by the tests of grading; without a sandbox they do not run."""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from collecting import Course
from filelock import FileLock
from graded_class import LONG, notebook
from nbformat.v4 import new_markdown_cell
from submissions import TOY, cells_of_file, known_cells_of_toy, submit, toy_notebook

from mlc_course.exercises.course import create_course
from mlc_course.grading.classroom.class_grading import grade_class
from mlc_course.grading.classroom.gradebook import Classroom
from mlc_course.grading.judging.grader import GRADERS, Grader, Settings
from mlc_course.grading.judging.times import Times
from mlc_course.grading.sandbox.probe import sandbox_problem
from mlc_course.grading.vetting.notebook import sanitize
from mlc_course.grading.workers.fork_client import JobLimits
from mlc_course.root import course_root

SETTINGS = Settings(Times(cell=30, answer=15, notebook=90, item=45), JobLimits(wall=20, cpu=15))


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
    try:
        grader = Grader("toy", SETTINGS)
        assert [task["name"] for task in grader.tasks] == ["axis", "double", "scale", "split"]
    finally:
        patch.undo()
    yield grader
    grader.stop()


@pytest.fixture
def grade(toy_grader):
    """Grade a notebook as it would be after nbgrader took it in."""

    def graded(notebook: Any) -> dict[str, Any]:
        return toy_grader.grade(sanitize(notebook, known_cells_of_toy()), None)

    return graded


@pytest.fixture(scope="package")
def graded_attack(toy_grader, tmp_path_factory) -> Callable[[Path], dict[str, Any]]:
    """Grade the submission in a file of ``attacks/``, once for all tests and test processes; its result."""
    base = tmp_path_factory.getbasetemp()
    folder = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base

    def graded(path: Path) -> dict[str, Any]:
        made = folder / f"attack-{path.stem}.json"
        with FileLock(made.with_suffix(".lock")):
            if not made.is_file():
                notebook = toy_notebook(cells_of_file(path)[0], solved=False)
                result = toy_grader.grade(sanitize(notebook, known_cells_of_toy()), None)
                made.write_text(json.dumps(result), "utf-8")
            return dict(json.loads(made.read_text("utf-8")))

    return graded


@pytest.fixture(scope="module")
def room(tmp_path_factory):
    """A course folder with the toy assignment, to which the instructor added a cell graded by hand."""
    patch = pytest.MonkeyPatch()
    root = tmp_path_factory.mktemp("course")
    shutil.copytree(TOY, root, dirs_exist_ok=True)
    shutil.copy(course_root() / "exercises" / "nbgrader_config.py", root / "exercises")
    patch.setenv("MLC_COURSE_ROOT", str(root))
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
    GRADERS.stop()
    patch.undo()


@pytest.fixture(scope="module")
def state(room) -> Path:
    """Where the results of four students with odd names lie, graded once."""
    for student in ("ada", "李明", "-rf --", LONG):
        submit(room, student, notebook(student, solved=student != "李明"))
    graded = grade_class(room.folder, "toy", 2)
    assert graded.table().splitlines()[1:] == [
        f"{'-rf --':60}  6/17",
        f"{'ada':60}  6/17",
        f"{'x' * 59}…  6/17",
        f"{'李明':58}  1/17",
    ]
    return room.folder / ".mlc" / "toy"


@pytest.fixture
def nothing_is_run_again(request, state) -> Iterator[None]:
    """Unless a test has "runs" in its name, results are entered, never made anew."""
    before = {path: path.stat().st_mtime_ns for path in state.glob("*.json")}
    yield
    if "runs" not in request.node.name:
        assert {path: path.stat().st_mtime_ns for path in state.glob("*.json")} == before


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A course folder with the toy assignment released, to collect downloads in."""
    root = tmp_path / "root"
    shutil.copytree(TOY, root)
    shutil.copy(course_root() / "exercises" / "nbgrader_config.py", root / "exercises")
    monkeypatch.setenv("MLC_COURSE_ROOT", str(root))
    folder = tmp_path / "class"
    create_course(folder, "en")
    (folder / "release" / "toy").mkdir(parents=True)
    shutil.copy(folder / "source" / "toy" / "toy.ipynb", folder / "release" / "toy")
    return Course(folder)
