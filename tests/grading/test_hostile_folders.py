"""Folders made to stop the grading of a class: each costs its own student, and the run goes on."""

import os
import shutil
import subprocess

import pytest
from submissions import deep, light, submit

from mlc_course.grading.classroom.class_grading import grade_class
from mlc_course.terminal import printable

ODD = os.fsdecode(b"second \xff\xfe.ipynb")
JOSE = os.fsdecode(b"jos\xe9")


@pytest.fixture
def hostile(room):
    """A class in which one student handed in an ordinary notebook."""
    yield room
    subprocess.run(["rm", "-rf", str(room.folder / "submitted")], check=True)


def test_folders_nested_deeper_than_python_can_go_cost_their_own_student(hostile):
    submit(hostile, "good", light())
    place = hostile.submission_folder("toy", "deep")
    place.mkdir(parents=True)
    deep(place, 1500)
    outcomes = grade_class(hostile.folder, "toy", 1)
    assert str(outcomes["good"]).startswith("6/17")
    assert not outcomes["deep"].recorded
    assert "folders nested deeper than 20 levels" in outcomes["deep"].note


def test_a_notebook_beside_such_folders_ends_nothing_either(hostile):
    submit(hostile, "good", light())
    deep(submit(hostile, "both", light()).parent, 1500)
    outcomes = grade_class(hostile.folder, "toy", 1)
    assert str(outcomes["good"]).startswith("6/17")
    assert "both" in outcomes


def test_names_that_are_no_text_harm_nothing(hostile):
    submit(hostile, "good", light())
    path = submit(hostile, "odd", light())
    shutil.copy(path, path.parent / ODD)
    shutil.copytree(path.parent.parent, path.parent.parent.parent / JOSE)
    outcomes = grade_class(hostile.folder, "toy", 1)
    assert set(outcomes) == {"good", "odd", JOSE}
    assert str(outcomes["good"]).startswith("6/17")
    assert printable(f"passed over: submitted/odd/toy/{ODD}") in hostile.remarks("toy", "odd")
    assert all(outcome.note.encode() is not None for outcome in outcomes.outcomes.values())
    assert "the name of the folder is not UTF-8: rename it" in outcomes[JOSE].note
