"""Checking a notebook without the command around it: with a Jupyter kernel and without."""

from pathlib import Path

import pytest
from notebook_files import cell, save

from mlc_course.exercises.notebooks import instructor_notebook

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
