"""Unusual but right submissions get full marks."""

import json
from pathlib import Path

import pytest
from submissions import cells_of_file, scores, toy_notebook

UNUSUAL = sorted((Path(__file__).parent / "unusual").glob("*.py"))


def test_there_are_at_least_forty():
    assert len(UNUSUAL) >= 40


@pytest.mark.parametrize("path", UNUSUAL, ids=lambda p: p.stem)
def test_an_unusual_answer_that_is_right_gets_full_marks(grade, path):
    answers, expected = cells_of_file(path)
    result = grade(toy_notebook(answers, solved=True))
    assert scores(result) == expected, json.dumps(result["items"], ensure_ascii=False)[:3000]


def test_extra_cells_and_changed_text_cost_nothing(grade):
    from nbformat.v4 import new_code_cell, new_markdown_cell

    notebook = toy_notebook({}, solved=True)
    for index in range(len(notebook.cells), 0, -2):
        notebook.cells.insert(index, new_code_cell("print('mine')"))
        notebook.cells.insert(index, new_markdown_cell("My notes"))
    notebook.cells.insert(0, new_code_cell("raise ValueError('left over')"))
    assert set(scores(grade(notebook)).values()) == {2, 3, 4}


def test_without_the_first_cell_the_answers_are_judged_all_the_same(grade):
    notebook = toy_notebook({}, solved=True)
    del notebook.cells[0]
    assert scores(grade(notebook)) == {"axis": 2, "double": 4, "scale": 3, "split": 3}
