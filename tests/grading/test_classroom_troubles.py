"""What goes wrong in real classes: each trouble is named with what to do, and nothing is lost."""

import errno
import os
import shutil
import signal
import sqlite3
from pathlib import Path

import pytest
from submissions import light, submit

from mlc_course import cli
from mlc_course.grading.classroom.advice import advice, uninterrupted
from mlc_course.grading.classroom.class_grading import Stopped, grade_class
from mlc_course.grading.classroom.gradebook import time_in
from mlc_course.grading.classroom.outcomes import GradedClass, Outcome

HALF_OFF = """
from nbgrader.plugins import LateSubmissionPlugin

class HalfOff(LateSubmissionPlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return score / 2

c.AssignLatePenalties.plugin_class = HalfOff
"""


def test_a_time_or_due_date_that_changed_after_grading_changes_the_penalty(room):
    config = room.folder / "nbgrader_config.py"
    before = config.read_text()
    config.write_text(before + HALF_OFF)
    stamp = submit(room, "lea", light()).parent / "timestamp.txt"
    stamp.write_text("2026-11-22 08:00 UTC")

    def graded() -> str:
        return str(grade_class(room.folder, "toy", 1)["lea"])

    try:
        assert graded() == "6/17"
        with room.api.gradebook as gradebook:
            gradebook.update_or_create_assignment("toy", duedate="2026-11-20 23:59 UTC")
        late = "late: handed in 2026-11-22T08:00:00+00:00, due 2026-11-20T23:59:00+00:00"
        assert graded() == f"3/17 (graded before; {late}, 3 taken off)"
        assert room.penalty("toy", "lea") == 3
        stamp.write_text("2026-11-20 08:00 UTC")
        assert graded() == "6/17"
        assert graded() == "6/17 (graded before)"
        stamp.write_text("2026-11-22 08:00 UTC")
        graded()
        config.write_text(before)
        assert graded() == f"6/17 (graded before; {late}, nothing taken off)"
    finally:
        config.write_text(before)
        with room.api.gradebook as gradebook:
            gradebook.update_or_create_assignment("toy", duedate=None)
        shutil.rmtree(room.folder / "submitted" / "lea")


def test_feedback_is_written_again_when_marks_change(room):
    assert room.api.config.GenerateFeedback.force is True


def test_a_notebook_in_another_place_or_under_another_name_is_found(room):
    place = room.submission_folder("toy", "noa")
    (place / "toy").mkdir(parents=True)
    assert room.remarks("toy", "noa") == "there is no submitted/noa/toy/toy.ipynb; the folder holds no notebook"
    (place / "toy" / "toy.ipynb").write_text("{}")
    assert "found submitted/noa/toy/toy/toy.ipynb: move it there" in room.remarks("toy", "noa")
    shutil.rmtree(place)
    (place.parent / "toy.ipynb").write_text("{}")
    assert "noa" in room.students("toy")
    assert "found submitted/noa/toy.ipynb: move it there" in room.remarks("toy", "noa")
    shutil.rmtree(place.parent)


def test_a_second_notebook_and_an_unreadable_one_are_named_beside_the_score(room):
    path = submit(room, "two", '{"cells": [')
    (path.parent / "toy\x1b[2J.ipynb").write_text("{}")
    assert room.remarks("toy", "two").startswith("unreadable: invalid JSON: ")
    assert room.remarks("toy", "two").endswith("passed over: submitted/two/toy/toy\\x1b[2J.ipynb")
    shutil.rmtree(path.parent.parent)


def test_a_wrong_folder_and_an_unknown_assignment_are_told_and_nothing_is_written(room, tmp_path, capsys):
    assert cli.main(["grade", "toy", "--folder", str(tmp_path)]) == cli.PROBLEM
    assert "is not a course folder: no nbgrader_config.py is in it" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
    assert cli.main(["grade", "tow", "--folder", str(room.folder)]) == cli.PROBLEM
    assert "There is no exercise set 'tow'. The course has: toy." in capsys.readouterr().err
    assert not (room.folder / ".mlc" / "tow").exists()


def test_a_class_that_handed_in_nothing_is_told_where_submissions_go(monkeypatch, capsys):
    monkeypatch.setattr(
        "mlc_course.grading.classroom.class_grading.grade_class", lambda *_arguments, **_options: GradedClass("toy")
    )
    assert cli.main(["grade", "toy"]) == cli.PROBLEM
    assert "no submission is at ./submitted/<student>/toy/toy.ipynb" in capsys.readouterr().err


def test_a_gradebook_that_another_program_holds_is_told_so(room, capsys):
    holder = sqlite3.connect(room.folder / "gradebook.db")
    holder.execute("BEGIN EXCLUSIVE")
    assert cli.main(["grade", "toy", "--folder", str(room.folder)]) == cli.PROBLEM
    holder.close()
    assert "database is locked. Another program holds the gradebook" in capsys.readouterr().err


@pytest.mark.parametrize(("number", "told"), [(errno.ENOSPC, "make room"), (errno.EROFS, "cannot be written")])
def test_a_full_disk_and_a_closed_folder_are_told_so(monkeypatch, capsys, number, told):
    def refuse(*_arguments: object, **_options: object) -> None:
        raise OSError(number, os.strerror(number), "class/.mlc")

    monkeypatch.setattr("mlc_course.grading.classroom.class_grading.grade_class", refuse)
    assert cli.main(["grade", "toy"]) == cli.PROBLEM
    said = capsys.readouterr().err
    assert said.startswith(f"class/.mlc: {os.strerror(number)}.")
    assert told in said
    assert advice("KeyError: 'x'") == ""


def test_ctrl_c_stops_between_two_submissions_and_says_how_to_go_on(monkeypatch, capsys):
    done = []

    def step() -> None:
        with uninterrupted():
            os.kill(os.getpid(), signal.SIGINT)
            done.append("the step it came in")

    with pytest.raises(KeyboardInterrupt):
        step()
    assert done

    def stopped(*_arguments: object, **_options: object) -> None:
        raise Stopped(GradedClass("toy", {"ada": Outcome(6, 17, recorded=True)}))

    monkeypatch.setattr("mlc_course.grading.classroom.class_grading.grade_class", stopped)
    assert cli.main(["grade", "toy"]) == cli.INTERRUPTED
    said = capsys.readouterr()
    assert "ada      6/17" in said.out
    assert "the same command goes on where it was" in said.err


@pytest.mark.parametrize("text", ["", "yesterday", "9" * 300])
def test_what_is_no_time_is_none(tmp_path: Path, text):
    stamp = tmp_path / "timestamp.txt"
    assert time_in(stamp) is None
    stamp.write_text(text)
    assert time_in(stamp) is None


def test_a_time_with_a_zone_as_the_page_writes_it_is_read_as_utc(tmp_path: Path):
    stamp = tmp_path / "timestamp.txt"
    stamp.write_text("2026-11-20T23:59+08:00\n")
    assert str(time_in(stamp)) == "2026-11-20 15:59:00"
