"""The gradebook is the truth: what it lacks or holds differently is entered again from the stored result."""

import json
import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import nbformat
import pytest
from gradebook_changes import (
    change_a_score,
    forget_a_score,
    invent_a_penalty,
    remove_a_grade,
    remove_student,
    remove_submission,
)
from graded_class import LONG, again, leave_out, notebook
from submissions import light, submit

from mlc_course import cli
from mlc_course.grading.classroom.entry_marks import mark_of
from mlc_course.grading.classroom.gradebook import Classroom
from mlc_course.grading.classroom.worker_pool import Order
from mlc_course.grading.judging.grader import checks_version
from mlc_course.grading.judging.results import read_result

pytestmark = pytest.mark.usefixtures("nothing_is_run_again")


def test_a_gradebook_that_holds_what_was_entered_is_left_alone(room, state):
    for student in ("ada", "李明", "-rf --", LONG):
        assert str(again(room)[student]) == f"{1 if student == '李明' else 6}/17 (graded before)"
        assert mark_of(state, student).is_file()


@pytest.mark.parametrize(
    "change",
    [remove_student, remove_submission, change_a_score, forget_a_score, remove_a_grade, invent_a_penalty],
    ids=lambda change: change.__name__,
)
def test_what_the_gradebook_lacks_or_holds_differently_is_entered_again(room, change: Callable[[Any], None]):
    with room.api.gradebook as gradebook:
        change(gradebook)
    graded = again(room)
    assert (graded["ada"].mark, graded["ada"].before) == ("6/17", change is invent_a_penalty)
    assert graded["李明"].before
    assert room.scores("toy", "ada")["double"] == 4
    assert room.penalty("toy", "ada") == 0
    assert again(room)["ada"].before


def test_an_older_gradebook_does_not_bring_back_an_older_mark_though_checks_runs(room, state, tmp_path):
    book = room.folder / "gradebook.db"
    place = submit(room, "old", notebook("old", solved=False)).parent.parent
    assert str(again(room)["old"]) == "1/17"
    shutil.copy(book, tmp_path / "old.db")
    submit(room, "old", notebook("old, better"))
    assert str(again(room)["old"]) == "6/17"
    shutil.copy(tmp_path / "old.db", book)
    assert room.standings("toy", "old")["old"].score == 1
    assert str(again(room)["old"]) == "6/17"
    assert room.standings("toy", "old")["old"].score == 6
    leave_out(room, "old", place)


def test_points_and_comments_given_by_hand_outlive_a_new_entry(room):
    with room.api.gradebook as gradebook:
        grade = gradebook.find_grade("axis", "toy", "toy", "ada")
        grade.manual_score, grade.extra_credit, grade.auto_score = 1, 0.5, 0
        gradebook.find_comment("axis-answer", "toy", "toy", "ada").manual_comment = "Nearly."
        gradebook.db.commit()
    assert str(again(room)["ada"]) == "5.5/17 (points by hand are due: axis)"
    with room.api.gradebook as gradebook:
        grade = gradebook.find_grade("axis", "toy", "toy", "ada")
        assert (grade.manual_score, grade.extra_credit, grade.auto_score) == (1, 0.5, 2)
        assert gradebook.find_comment("axis-answer", "toy", "toy", "ada").manual_comment == "Nearly."
        grade.manual_score, grade.extra_credit, grade.needs_manual_grade = None, None, False
        gradebook.db.commit()


def test_a_removed_assignment_and_a_remade_gradebook_are_filled_from_the_results(room, capsys):
    with room.api.gradebook as gradebook:
        gradebook.remove_assignment("toy")
    assert cli.main(["grade", "toy", "--folder", str(room.folder)]) == cli.PROBLEM
    said = capsys.readouterr().err
    assert "run `nbgrader generate_assignment toy --force`" in said
    assert "Traceback" not in said
    room.generate_assignment("toy")
    assert str(again(room)["ada"]) == "6/17"
    (room.folder / "gradebook.db").unlink()
    room.generate_assignment("toy")
    assert cli.main(["grade", "toy", "--folder", str(room.folder)]) == cli.DONE
    assert "0 graded before, 0 not graded." in capsys.readouterr().out
    assert again(room)["ada"].before


def test_a_damaged_gradebook_is_told_with_what_to_do(room, capsys, tmp_path):
    book = room.folder / "gradebook.db"
    shutil.copy(book, tmp_path / "good.db")
    book.write_bytes(b"not a database, " * 500)
    assert cli.main(["grade", "toy", "--folder", str(room.folder)]) == cli.PROBLEM
    assert "put your backup in its place" in capsys.readouterr().err
    shutil.copy(tmp_path / "good.db", book)


def test_when_points_changed_in_the_gradebook_the_work_runs_again(room):
    def set_points(points: int) -> None:
        source = room.folder / "source" / "toy" / "toy.ipynb"
        made = nbformat.read(source, 4)
        (check,) = (c for c in made.cells if c.metadata.get("nbgrader", {}).get("grade_id") == "split")
        check.metadata.nbgrader.points = points
        nbformat.write(made, source)
        room.generate_assignment("toy")

    set_points(6)
    try:
        assert str(again(room)["ada"]) == "6/20"
    finally:
        set_points(3)
    assert str(again(room)["ada"]) == "6/17"


def test_a_time_that_was_lost_comes_back_so_that_nbgrader_sees_the_submission_as_graded(room):
    stamp = room.submission_folder("toy", "ada") / "timestamp.txt"
    stamp.write_text("2026-11-20 08:00:00.123456 UTC")
    again(room)
    stamp.unlink()
    assert "ada" not in room.api.get_autograded_students("toy")
    assert again(room)["ada"].recorded
    assert stamp.read_text() == "2026-11-20 08:00:00.123456 UTC"
    assert "ada" in room.api.get_autograded_students("toy")
    assert again(room)["ada"].before


def test_an_extension_decides_what_is_late(room):
    stamp = room.submission_folder("toy", "ada") / "timestamp.txt"
    stamp.write_text("2026-11-20T08:00+00:00")
    with room.api.gradebook as gradebook:
        gradebook.update_or_create_assignment("toy", duedate=datetime(2026, 11, 20, 7))
    late = "late: handed in 2026-11-20T08:00:00+00:00, due 2026-11-20T07:00:00+00:00, nothing taken off"
    assert again(room)["ada"].notes == (late,)
    with room.api.gradebook as gradebook:
        gradebook.find_submission("toy", "ada").extension = timedelta(hours=2)
        gradebook.db.commit()
    assert again(room)["ada"].notes == ()
    with room.api.gradebook as gradebook:
        submission = gradebook.find_submission("toy", "ada")
        submission.extension = submission.timestamp = None
        gradebook.update_or_create_assignment("toy", duedate=None)
    stamp.unlink()
    assert str(again(room)["ada"]) == "6/17"


@pytest.mark.parametrize("damage", ["", "{", "[1]", "\x00", "9" * 5000, '{"file": 3}', "[" * 100_000])
def test_a_damaged_mark_is_not_believed(room, state, damage):
    mark_of(state, "ada").write_text(damage)
    graded = again(room)["ada"]
    assert (graded.mark, graded.before) == ("6/17", False)
    assert again(room)["ada"].before


def test_damaged_results_and_those_of_other_checks_are_made_anew_by_new_runs(room, state):
    version = checks_version("toy")
    for name in ("ada", "李明", "-rf --"):
        mark = json.loads(mark_of(state, name).read_bytes())
        path = state / f"{mark['result']}.json"
        result = json.loads(path.read_bytes())
        path.write_text(
            {"ada": json.dumps(result)[:-50], "李明": "\x00" * 100}.get(name) or json.dumps(result | {"version": "0"})
        )
        assert read_result(path, "toy", version) is None
    graded = again(room)
    assert {graded[name].mark for name in ("ada", "-rf --")} == {"6/17"}
    assert all(read_result(path, "toy", version) for path in state.glob("*.json"))
    assert not graded["ada"].before
    assert graded[LONG].before


def test_whatever_happens_to_one_student_is_that_students_outcome(room, state, monkeypatch, capsys):
    from mlc_course.grading.classroom import class_grading as batch

    def read(order: Order) -> Any:
        if order.student == "ada":
            raise RecursionError("nested \x1b[2J too deep")
        return sanitized(order)

    def autograde(self: Classroom, assignment: str, student: str) -> None:
        raise KeyError("a fault of nbgrader's")

    sanitized = batch.sanitized
    monkeypatch.setattr(batch, "sanitized", read)
    monkeypatch.setattr(Classroom, "autograde", autograde)
    mark_of(state, "李明").unlink()
    assert cli.main(["grade", "toy", "--folder", str(room.folder)]) == cli.NOT_PASSED
    said = capsys.readouterr()
    lines = dict(line.split("  ", 1) for line in said.out.splitlines() if "  " in line)
    assert lines["ada"].split("  ")[-1].strip() == "not graded: RecursionError: nested \\x1b[2J too deep"
    assert 'not graded: KeyError: "a fault of nbgrader\'s"' in lines["李明"]
    assert "graded before" in lines["-rf --"]
    assert "2 graded before, 2 not graded: ada, 李明." in said.out
    assert "Traceback" not in said.out + said.err
    log = (room.folder / ".mlc" / "toy.log").read_text("utf-8")
    assert str(room.folder / ".mlc" / "toy.log") in said.out
    assert log.count("Traceback (most recent call last)") == 2
    assert "\x1b" not in log
    monkeypatch.undo()
    assert again(room).complete
    assert not (room.folder / ".mlc" / "toy.log").exists()


@pytest.mark.parametrize(("name", "why"), [("*", "takes for a pattern"), ("ada ", "begins or ends with a space")])
def test_names_that_nbgrader_would_take_for_other_students_are_refused(room, name, why):
    place = submit(room, name, light(solved=False)).parent.parent
    graded = again(room)
    shutil.rmtree(place)
    assert why in graded[name].note
    assert str(graded["ada"]) == "6/17 (graded before)"


def test_a_class_of_two_thousand_is_looked_up_with_one_query(room):
    from sqlalchemy import event

    asked: list[str] = []
    with room.api.gradebook as gradebook:
        event.listen(gradebook.engine, "before_cursor_execute", lambda *seen: asked.append(seen[2]))
        from mlc_course.grading.classroom.standing import standings

        assert len(standings(gradebook, "toy")) >= 4
    assert len(asked) == 1
