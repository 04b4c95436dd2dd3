"""``nbgrader export``: a table that spreadsheets and programs read, and that tells zero from missing."""

import csv
import shutil
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pandas
import pytest
from nbgrader.plugins import CsvExportPlugin
from submissions import LIGHT, light, submit, toy_notebook

from mlc_course.grading.classroom.class_grading import grade_class
from mlc_course.grading.classroom.export import COLUMNS, GradesExport
from mlc_course.grading.classroom.gradebook import Classroom

ITEMS = ["item axis", "item double", "item essay", "item scale", "item split"]


@pytest.fixture(scope="module")
def graded(room) -> Classroom:
    """A class in which everything is in the table that can be."""
    for student in ("ada", "by-hand", "late", "gone"):
        submit(room, student, light())
    submit(
        room,
        "zero",
        toy_notebook(LIGHT | {"double-answer": "raise ValueError", "axis-answer": "kind = 3"}, solved=True),
    )
    (room.submission_folder("toy", "late") / "timestamp.txt").write_text("2026-11-22T08:00+08:00")
    (room.folder / "submitted" / "no-notebook" / "toy").mkdir(parents=True)
    with room.api.gradebook as gradebook:
        gradebook.update_or_create_assignment("toy", duedate=datetime(2026, 11, 20, 15, 59))
        gradebook.add_student("李明", last_name="李", first_name="明")
    grade_class(room.folder, "toy", 2)
    with room.api.gradebook as gradebook:
        gradebook.remove_student("gone")
        gradebook.find_grade("essay", "toy", "toy", "by-hand").needs_manual_grade = True
        gradebook.find_submission_notebook("toy", "toy", "late").late_submission_penalty = 2
        gradebook.db.commit()
    return room


def export(room: Classroom, path: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "nbgrader", "export", "--to", str(path), *options]
    done = subprocess.run(command, cwd=room.folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    return done


def read(path: Path) -> dict[str, dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return {row["student_id"]: row for row in csv.DictReader(file)}


def test_everyone_has_a_row_and_zero_is_not_missing(graded, tmp_path):
    path = tmp_path / "marks.csv"
    export(graded, path)
    rows = read(path)
    assert list(rows["ada"]) == [*COLUMNS, *ITEMS]
    assert {name: (row["score"], row["status"]) for name, row in rows.items()} == {
        "ada": ("6.0", "graded"), "zero": ("0.0", "graded"), "late": ("4.0", "graded"), "李明": ("", "not handed in"),
        "by-hand": ("6.0", "needs manual grading"), "no-notebook": ("", "not graded"),
    }  # fmt: skip
    assert (rows["ada"]["item double"], rows["zero"]["item double"], rows["李明"]["item double"]) == ("4.0", "0.0", "")
    assert {row["max_score"] for row in rows.values()} == {"17.0"}
    assert (rows["late"]["raw_score"], rows["late"]["late_submission_penalty"]) == ("6.0", "2.0")


def test_times_are_stated_with_their_zone(graded, tmp_path):
    path = tmp_path / "marks.csv"
    export(graded, path)
    late = read(path)["late"]
    assert (late["duedate"], late["timestamp"]) == ("2026-11-20T15:59:00+00:00", "2026-11-22T00:00:00+00:00")
    assert datetime.fromisoformat(late["timestamp"]) > datetime.fromisoformat(late["duedate"])


def test_excel_and_pandas_and_a_reader_of_nbgraders_own_columns_read_the_file(graded, tmp_path):
    path = tmp_path / "marks.csv"
    export(graded, path)
    assert path.read_bytes().startswith(b"\xef\xbb\xbfassignment,duedate,")  # without the mark Excel shows 鏉庢槑
    frame = pandas.read_csv(path).set_index("student_id")
    assert frame.loc["李明", "last_name"] == "李"
    assert pandas.isna(frame.loc["李明", "score"])
    assert frame.loc["zero", "score"] == 0
    export(graded, tmp_path / "ascii.csv", "--student", "['ada']")
    assert (tmp_path / "ascii.csv").read_text("ascii").splitlines()[0] == ",".join([*COLUMNS, *ITEMS])
    stock = CsvExportPlugin()
    stock.to = str(tmp_path / "stock.csv")
    with graded.api.gradebook as gradebook:
        stock.export(gradebook)
    assert (tmp_path / "stock.csv").read_text().splitlines()[0] == ",".join(COLUMNS[:-1])


def test_only_the_students_and_assignments_asked_for_are_exported_and_unknown_ones_named(graded, tmp_path):
    path = tmp_path / "marks.csv"
    done = export(graded, path, "--student", "['ada', 'nobody']", "--assignment", "['toy', 'tow']")
    assert list(read(path)) == ["ada"]
    assert "nobody: there is no such student" in done.stderr
    assert "tow: there is no such assignment" in done.stderr


@pytest.mark.parametrize(
    "name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1", "＝1", "－1", '=HYPERLINK("http://x","y")']
)
def test_what_students_call_themselves_is_no_formula(graded, tmp_path, name):
    with graded.api.gradebook as gradebook:
        gradebook.update_or_create_student("ada", first_name=name, last_name='a,"b"\nc\x1b[2J')
    export_in_process(graded, tmp_path / "marks.csv")
    ada = read(tmp_path / "marks.csv")["ada"]
    assert ada["first_name"].startswith("'")
    assert ada["first_name"].strip("' \t\r\\tr") == name.strip()
    assert ada["last_name"] == 'a,"b"\\nc\\x1b[2J'
    with graded.api.gradebook as gradebook:
        gradebook.update_or_create_student("ada", first_name=None, last_name=None)


def export_in_process(room: Classroom, path: Path) -> None:
    plugin = GradesExport()
    plugin.to = str(path)
    with room.api.gradebook as gradebook:
        plugin.export(gradebook)


def test_removed_students_leave_no_row_and_no_traceback_in_feedback(graded, tmp_path):
    done = export(graded, tmp_path / "marks.csv")
    assert "gone" not in read(tmp_path / "marks.csv")
    assert "gone is left out: no longer in the gradebook" in done.stderr
    shutil.rmtree(graded.folder / "submitted" / "gone")
    command = [sys.executable, "-m", "nbgrader", "generate_feedback", "toy"]
    done = subprocess.run(command, cwd=graded.folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    assert "autograded/gone/toy: not in the gradebook" in done.stderr
    feedback = graded.folder / "feedback"
    assert "this submission is not in the gradebook" in (feedback / "gone" / "toy" / "toy.html").read_text("utf-8")
    assert "(checks " in (feedback / "ada" / "toy" / "toy.html").read_text("utf-8")
    shutil.rmtree(graded.folder / "autograded" / "gone")


def test_a_folder_that_is_gone_and_a_submission_that_could_not_be_graded_are_told_apart(graded, tmp_path):
    place, kept = graded.folder / "submitted" / "zero", graded.folder / "kept"
    place.rename(kept)
    export(graded, tmp_path / "marks.csv")
    zero = read(tmp_path / "marks.csv")["zero"]
    assert (zero["score"], zero["status"]) == ("0.0", "graded, submission folder gone")
    kept.rename(place)
    (graded.folder / "autograded" / "zero").rename(kept)  # as nbgrader does with what it could not grade
    export(graded, tmp_path / "marks.csv")
    zero = read(tmp_path / "marks.csv")["zero"]
    assert (zero["score"], zero["status"]) == ("", "not graded")
    kept.rename(graded.folder / "autograded" / "zero")


def test_a_file_that_could_not_be_written_leaves_the_old_one(graded, tmp_path, monkeypatch):
    path = tmp_path / "marks.csv"
    path.write_text("old")

    def full(self: Path, target: Path) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space"):
        export_in_process(graded, path)
    assert path.read_text() == "old"
