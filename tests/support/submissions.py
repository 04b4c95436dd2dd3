"""Notebooks of the toy set that tests of grading submit."""

import os
import re
import shutil
from pathlib import Path
from typing import Any

import nbformat

from mlc_course.exercises.notebooks import instructor_notebook, learner_notebook
from mlc_course.grading.classroom.gradebook import Classroom
from mlc_course.grading.vetting.notebook import Known

TOY = Path(__file__).parents[1] / "course" / "data" / "toy"
LIGHT = {"scale-answer": "scale = None", "split-answer": "sch = None"}  # keeps TVM out of the student's process


def known_cells_of(stem: str, root: Path | None = None) -> dict[str, Known]:
    """What a gradebook would know of the assignment made of an exercise set."""
    known = {}
    for cell in learner_notebook(stem, "en", root).cells:
        data = cell.metadata.get("nbgrader")
        if data:
            flags = {"grade": data.grade, "solution": data.solution, "locked": data.locked}
            known[data.grade_id] = Known(cell.cell_type, cell.source, points=data.get("points", 0), **flags)
    return known


def known_cells_of_toy() -> dict[str, Known]:
    """What a gradebook would know of the toy assignment."""
    return known_cells_of("toy", TOY)


def toy_notebook(answers: dict[str, str], *, solved: bool) -> Any:
    """The toy notebook with some cells replaced, the others solved or wrong."""
    notebook = (instructor_notebook if solved else learner_notebook)("toy", "en", TOY)
    wrong = {"axis-answer": 'kind = "spatial"', "double-answer": "def double(x):\n    return 3 * x"}
    for cell in notebook.cells:
        source = answers.get(cell.id) or (None if solved else wrong.get(cell.id))
        if source:
            cell.source = source
    assert set(answers) <= {cell.id for cell in notebook.cells}
    return notebook


def cells_of_file(path: Path) -> tuple[dict[str, str], dict[str, int]]:
    """The cells of a submission file (``# %% <cell id>``), and the scores it expects."""
    text = path.read_text("utf-8")
    expected = re.search(r"^# expects: (.*)$", text, re.MULTILINE)
    assert expected, f"{path} says what it expects"
    parts = re.split(r"^# %% (\S+)\n", text, flags=re.MULTILINE)[1:]
    scores = {name: int(points) for name, points in (pair.split("=") for pair in expected[1].split())}
    return dict(zip(parts[::2], parts[1::2], strict=True)), scores


def scores(result: dict[str, Any]) -> dict[str, int]:
    """Points of each item of a result."""
    return {name: item["score"] for name, item in result["items"].items()}


def submit(room: Classroom, student: str, notebook) -> Path:
    place = room.submission_folder("toy", student)
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    path = place / "toy.ipynb"
    path.write_text(notebook) if isinstance(notebook, str) else nbformat.write(notebook, path)
    return path


def light(solved: bool = True):
    """A notebook whose first two items are right or wrong and whose others are not there."""
    return toy_notebook(LIGHT, solved=solved)


def deep(folder: Path, levels: int) -> None:
    """Nest folders, more than a path can name."""
    here = os.open(folder, os.O_RDONLY)
    for _ in range(levels):
        os.mkdir("d", dir_fd=here)
        below = os.open("d", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    os.close(here)
