"""``nbgrader db student import``: lists of students as spreadsheets write them.

That is: UTF-8 with or without a byte order mark, UTF-16, or Chinese in GBK; separated by commas, semicolons or tabs.
"""

import csv
import io
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from nbgrader.apps.dbapp import DbStudentImportApp

from mlc_course.terminal import printable

MAX_ROSTER = 16 * 2**20
_ENCODINGS = ("utf-8-sig", "gb18030")
_NEEDED = "id"


class RosterProblem(ValueError):
    """The file is no list of students; one sentence says why and what to do."""


def read_roster(path: Path) -> tuple[list[dict[str, str]], list[str]]:
    """The students in a file, by column; and what was passed over, and why.

    Raises:
        RosterProblem: there is no reading the file, or it has no column ``id``.
    """
    text = _text(path)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=text.partition("\n")[0].count))
    try:
        heads = _heads(next(reader, []), path)
        return _students(heads, ((reader.line_num, row) for row in reader))
    except csv.Error as error:
        raise RosterProblem(f"{path}, line {reader.line_num}: {error}") from error


def _students(heads: list[str], rows: Iterator[tuple[int, list[str]]]) -> tuple[list[dict[str, str]], list[str]]:
    students: dict[str, dict[str, str]] = {}
    passed_over = []
    for line, row in rows:
        values = dict.fromkeys(heads, "") | {name: value.strip() for name, value in zip(heads, row, strict=False)}
        student = values.get(_NEEDED, "")
        if student and student not in students:
            students[student] = values
        elif any(values.values()):
            why = "the student stands in an earlier line" if student else f"no {_NEEDED}"
            passed_over.append(f"line {line}: {why}")
    return list(students.values()), passed_over


def accept_rosters() -> None:
    """Have nbgrader's own command read every such file; it has no setting for this."""
    if getattr(DbStudentImportApp.start, "reads_rosters", False):
        return
    start = DbStudentImportApp.start

    def start_with_roster(app: Any) -> None:
        if len(app.extra_args) != 1 or not Path(app.extra_args[0]).is_file():
            start(app)  # says what is missing
            return
        with tempfile.TemporaryDirectory() as folder:
            plain = Path(folder) / "roster.csv"
            try:
                students, passed_over = read_roster(Path(app.extra_args[0]))
            except RosterProblem as problem:
                app.fail(str(problem))
            for told in passed_over:
                app.log.warning("%s, passed over: %s", app.extra_args[0], told)
            with plain.open("w", newline="", encoding=None) as file:  # nbgrader opens it so
                table = csv.DictWriter(file, list(students[0]) if students else [_NEEDED])
                table.writeheader()
                table.writerows(students)
            app.extra_args = [str(plain)]
            start(app)

    start_with_roster.reads_rosters = True  # type: ignore[attr-defined]
    DbStudentImportApp.start = start_with_roster


def _text(path: Path) -> str:
    if path.stat().st_size > MAX_ROSTER:
        raise RosterProblem(f"{path} has more than {MAX_ROSTER} bytes: no list of students")
    content = path.read_bytes()
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    for encoding in _ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise RosterProblem(f"{path} is neither UTF-8, UTF-16 nor GBK: save it as “CSV UTF-8”")


def _heads(first: list[str], path: Path) -> list[str]:
    heads = [name.strip().lower() for name in first]
    if _NEEDED not in heads:
        found = ", ".join(heads) or "nothing"
        raise RosterProblem(
            printable(f"{path} has no column {_NEEDED!r}: its first line names {found}. ")
            + "Columns are id, last_name, first_name, email, lms_user_id, separated by commas, semicolons or tabs."
        )
    return heads
