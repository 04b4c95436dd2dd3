"""Every attack's feedback page and formgrader page, opened in a browser: nothing of a student's runs or leaves."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell
from page_reader import ORIGIN, Visit, reading
from submissions import cells_of_file, known_cells_of_toy, toy_notebook

from mlc_course.grading.classroom.preprocessors import enter
from mlc_course.grading.pages.formgrader import submission_policy
from mlc_course.grading.pages.page import feedback_page, formgrader_page
from mlc_course.grading.vetting.notebook import read_submission, sanitize

pytestmark = [pytest.mark.browser, pytest.mark.slow]
FOLDER = Path(__file__).parent / "attacks"
ATTACKS = sorted(FOLDER.glob("*.py"))
PAGES = sorted((FOLDER / "pages").glob("*.md"))
FACTS = {"notebook": "toy", "score": 1, "max_score": 12, "late_penalty": 0}
RESOURCES = {"base_url": "", "submission_id": "1", "notebook_id": "toy", "assignment_id": "toy", "index": 0, "total": 1}
RESOURCES |= {"student": "eve", "last_name": "", "first_name": "", "notebook_path": "autograded/eve/toy/toy.ipynb"}
PUBLIC = re.compile(r"https?://(www\.)?[a-z.]*\b(example\.org|python\.org)\b.*|mailto:.*", re.DOTALL)


@pytest.fixture(scope="module")
def visit() -> Iterator[Any]:
    with reading() as open_page:
        yield open_page


def graded(notebook: NotebookNode) -> NotebookNode:
    """As the gradebook's scores and comments stand in it when a page is made."""
    for cell in notebook.cells:
        if "nbgrader" in cell.metadata:
            cell.metadata.nbgrader |= {
                "score": 1,
                "comment": "See <b>above</b>." if cell.metadata.nbgrader.solution else "",
            }
    return notebook


def look_at(visit: Any, notebook: NotebookNode) -> list[Visit]:
    """Open both pages of a graded notebook and say what must not have happened."""
    graded(notebook)
    visits = [
        visit(feedback_page(notebook, FACTS), path="/files/feedback/eve/toy/toy.html"),
        visit(
            formgrader_page(notebook, RESOURCES, "n0nce", ORIGIN.split("//")[1]),
            submission_policy("n0nce"),
            covered=".score",
        ),
    ]
    for seen in visits:
        assert seen.requests == []
        assert seen.problems == []
        assert [link for link in seen.links if not PUBLIC.fullmatch(link)] == []
    assert "<script" not in visits[0].html
    assert re.findall(r"<script(?! nonce)", visits[1].html) == []
    return visits


@pytest.mark.parametrize("path", ATTACKS, ids=lambda p: p.stem)
def test_nothing_of_an_attack_runs_in_its_pages(visit, graded_attack, path):
    notebook = sanitize(toy_notebook(cells_of_file(path)[0], solved=False), known_cells_of_toy())
    enter(notebook, graded_attack(path))
    look_at(visit, notebook)


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.stem)
def test_nothing_of_a_hostile_text_runs_in_the_pages(visit, tmp_path, path):
    text = path.read_bytes().decode()
    handed_in = toy_notebook({}, solved=False)
    handed_in.cells.insert(1, new_markdown_cell(text))
    file = tmp_path / "toy.ipynb"
    file.write_text(json.dumps(handed_in))
    notebook = sanitize(read_submission(file), known_cells_of_toy())
    printed = [{"output_type": "stream", "name": "stdout", "text": text}]
    told = {"output_type": "error", "ename": text, "evalue": text, "traceback": [text]}
    notebook.cells.append(new_code_cell(text, outputs=[*printed, told], id="end"))
    look_at(visit, notebook)


def test_there_are_many_hostile_texts():
    assert len(PAGES) >= 20
