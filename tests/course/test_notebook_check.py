"""Checking a notebook without the command around it: with a Jupyter kernel and without."""

from pathlib import Path

import pytest
from notebook_files import cell, save

from mlc_course.exercises.notebook_check import read_notebook
from mlc_course.exercises.notebooks import instructor_notebook
from mlc_ref.language import TextError

TOY = Path(__file__).parent / "data" / "toy"


@pytest.fixture(autouse=True)
def toy_course(monkeypatch):
    monkeypatch.delenv("MLC_LANG", raising=False)
    monkeypatch.setenv("MLC_COURSE_ROOT", str(TOY))


def checked(notebook, tmp_path):
    from mlc_course.exercises.notebook_check import check_notebook

    return check_notebook(save(notebook, tmp_path / "toy.ipynb"))


@pytest.mark.parametrize(
    "line", ["%pwd", "get_ipython().run_line_magic('pwd', '')", "import asyncio\nawait asyncio.sleep(0)"]
)
def test_a_notebook_that_needs_a_jupyter_kernel_gets_one(tmp_path, line):
    notebook = instructor_notebook("toy", "en", TOY)
    cell(notebook, "double-answer").source += f"\n\n\n{line}"
    assert checked(notebook, tmp_path).passed


def test_who_needs_the_notebook_again_is_told_to_move_it_away_since_existing_ones_are_kept(tmp_path):
    notebook = instructor_notebook("toy", "en", TOY)
    notebook.cells.remove(cell(notebook, "double-answer"))
    with pytest.raises(TextError) as lost_cell:
        checked(notebook, tmp_path)
    (tmp_path / "half.ipynb").write_text('{"cells": [', "utf-8")
    with pytest.raises(TextError) as half:
        read_notebook(tmp_path / "half.ipynb")
    for text in (lost_cell.value.text, half.value.text):
        assert "move it away, run make notebooks" in text.en
        assert "移到别处，运行 make notebooks" in text.zh


def test_a_plain_notebook_may_read_files_beside_it_and_print(tmp_path, monkeypatch):
    def no_kernel(*arguments, **options):
        raise AssertionError("a kernel was started")

    monkeypatch.setattr("mlc_course.exercises.notebook_check.execute", no_kernel)
    (tmp_path / "helper.py").write_text("factor = 2")
    notebook = instructor_notebook("toy", "en", TOY)
    cell(
        notebook, "double-answer"
    ).source = "from helper import factor\n\nprint('hello')\n\n\ndef double(x):\n    return factor * x"
    assert checked(notebook, tmp_path).passed


def test_an_exception_in_a_plain_notebook_names_the_line_of_the_cell(tmp_path):
    notebook = instructor_notebook("toy", "en", TOY)
    cell(notebook, "double-answer").source = "def double(x):\n    return x[99]"
    message = checked(notebook, tmp_path).reports[1].results[0].message.en
    assert "IndexError" in message
    assert "line 2 of your cell: return x[99]" in message
