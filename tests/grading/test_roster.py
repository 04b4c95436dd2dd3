"""Lists of students as spreadsheets write them, read by nbgrader's own command."""

import csv
import os
import subprocess
import sys
from pathlib import Path

import pytest

from mlc_course.grading.classroom.roster import RosterProblem, read_roster

TABLE = [
    ["id", "last_name", "first_name", "email"],
    ["ada", "Lovelace", "Ada", "ada@example.org"],
    ["李明", "李", "明", ""],
]


def written(path: Path, encoding: str = "utf-8", separator: str = ",") -> Path:
    with path.open("w", newline="", encoding=encoding) as file:
        csv.writer(file, delimiter=separator).writerows(TABLE)
    return path


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gbk"])
def test_every_form_a_spreadsheet_writes_is_read(tmp_path, encoding, separator):
    students, passed_over = read_roster(written(tmp_path / "roster.csv", encoding, separator))
    assert [list(student.values()) for student in students] == TABLE[1:]
    assert passed_over == []


def test_lines_without_a_student_and_doubled_ones_are_told(tmp_path):
    path = tmp_path / "roster.csv"
    path.write_text('ID , last_name\nada,Lovelace\n,Nobody\n\nada,Again\nbo,"two\nlines",more,still more\n')
    students, passed_over = read_roster(path)
    assert students == [{"id": "ada", "last_name": "Lovelace"}, {"id": "bo", "last_name": "two\nlines"}]
    assert passed_over == ["line 3: no id", "line 5: the student stands in an earlier line"]


@pytest.mark.parametrize("content", [b"", b"name,email\nada,x\n", b"\x81\x20\xff\xff", b"\xff\xfe"])
def test_what_is_no_list_of_students_is_told_with_what_to_do(tmp_path, content):
    path = tmp_path / "roster.csv"
    path.write_bytes(content)
    with pytest.raises(RosterProblem, match=r"no column 'id'|save it as"):
        read_roster(path)


def test_the_command_of_nbgrader_takes_a_list_with_a_byte_order_mark_and_semicolons(room, tmp_path):
    path = written(tmp_path / "roster.csv", "utf-8-sig", ";")
    command = [sys.executable, "-m", "nbgrader", "db", "student", "import", str(path)]
    done = subprocess.run(command, cwd=room.folder, capture_output=True, text=True, env={**os.environ})
    assert done.returncode == 0, done.stderr
    with room.api.gradebook as gradebook:
        found = gradebook.find_student("李明")
        assert (found.last_name, found.first_name, gradebook.find_student("ada").email) == (
            "李",
            "明",
            "ada@example.org",
        )
    path.write_text("name\nada\n")
    done = subprocess.run(command, cwd=room.folder, capture_output=True, text=True)
    assert done.returncode == 1
    assert "has no column 'id': its first line names name" in done.stderr
    assert "Traceback" not in done.stderr
