"""What an instructor reads after ``mlc grade``: a line for each of some thirty submissions as real classes hand them in."""

import copy
import io
import json
import os
import pty
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from present import present
from submissions import LIGHT, light, submit

from mlc_course import cli
from mlc_course.exercises.notebooks import instructor_notebook
from mlc_course.grading.classroom.class_grading import grade_class
from mlc_course.grading.classroom.class_log import quiet_terminal
from mlc_course.grading.classroom.gradebook import Classroom
from mlc_course.grading.classroom.outcomes import GradedClass, Outcome, recorded
from mlc_course.grading.classroom.standing import Standing
from mlc_course.terminal import width

pytestmark = pytest.mark.slow

RIGHT, PART, WRONG, BLANK = "6/17", "2/17", "1/17", "0/17"
ANSWER, CHECK = "double-answer", "double"


def cell(notebook: Any, name: str) -> int:
    return next(i for i, c in enumerate(notebook.cells) if c.metadata.get("nbgrader", {}).get("grade_id") == name)


def changed(change: Callable[[Any], object]) -> str:
    notebook = light()
    change(notebook)
    return json.dumps(notebook)


def doubled(name: str) -> Callable[[Any], object]:
    def double(notebook: Any) -> None:
        index = cell(notebook, name)
        notebook.cells.insert(index + 1, copy.deepcopy(notebook.cells[index]))

    return double


def with_cell(source: str, kind: str = "code") -> str:
    maker = {"code": nbformat.v4.new_code_cell, "markdown": nbformat.v4.new_markdown_cell}[kind]
    return changed(lambda notebook: notebook.cells.insert(1, maker(source)))


def as_markdown(name: str) -> str:
    notebook = json.loads(nbformat.writes(light()))
    found = notebook["cells"][cell(light(), name)]
    found["cell_type"] = "markdown"
    del found["outputs"], found["execution_count"]
    return json.dumps(notebook)


def chinese() -> str:
    notebook = instructor_notebook("toy", "zh")
    for one in notebook.cells:
        one.source = LIGHT.get(one.id, one.source)
    return nbformat.writes(notebook)


def set_source(name: str, source: str) -> str:
    return changed(lambda notebook: notebook.cells[cell(notebook, name)].update(source=source))


def without_metadata(notebook: Any) -> None:
    for one in notebook.cells:
        one.metadata.clear()
    notebook.metadata = {"colab": {"provenance": []}}


def class_of_thirty() -> dict[str, tuple[str | bytes, set[str], str]]:
    """Student to what is handed in, the scores it may get, and what the line says beside the score."""
    right, any_of = nbformat.writes(light()), {RIGHT, PART, BLANK, "4/17"}
    return {
        "solved": (right, {RIGHT}, ""),
        "wrong": (nbformat.writes(light(solved=False)), {WRONG}, ""),
        "syntax": (set_source(ANSWER, "def broken(:\n    return 1\n"), {PART}, ""),
        "raises": (set_source(ANSWER, "raise ValueError('x')"), {PART}, ""),
        "missing-answer": (changed(lambda n: n.cells.pop(cell(n, ANSWER))), {PART}, ""),
        "missing-check": (changed(lambda n: n.cells.pop(cell(n, CHECK))), any_of, ""),
        "doubled-answer": (changed(doubled(ANSWER)), any_of, ""),
        "doubled-check": (changed(doubled(CHECK)), any_of, ""),
        "answer-in-markdown": (as_markdown(ANSWER), any_of, ""),
        "check-in-markdown": (as_markdown(CHECK), any_of, ""),
        "no-metadata": (changed(without_metadata), any_of, ""),
        "same-ids": (changed(lambda n: [c.update(id="same") for c in n.cells]), {RIGHT}, ""),
        "李明": (chinese(), {RIGHT}, ""),
        "big-output": (with_cell("for _ in range(26000):\n    print('0123456789' * 20)"), {RIGHT}, ""),
        "other-kernel": (
            changed(lambda n: n.metadata.update(kernelspec={"name": "conda", "display_name": "c"})),
            {RIGHT},
            "",
        ),
        "input": (with_cell("name = input('your name? ')"), {RIGHT}, ""),
        "pip": (with_cell("!pip install requests\n%matplotlib inline"), {RIGHT}, ""),
        "fence": (with_cell("```{python, echo = False}\nx = 1\n```\n\n| a | b |\n", "markdown"), {RIGHT}, ""),
        "exits": (with_cell("import os; os._exit(1)"), {RIGHT}, ""),
        "byte-order-mark": (b"\xef\xbb\xbf" + right.replace("\n", "\r\n").encode(), {RIGHT}, ""),
        "utf-16": (right.encode("utf-16"), {RIGHT, BLANK}, ""),
        "empty": (b"", {BLANK}, "unreadable: "),
        "page": ("<!DOCTYPE html><html><body>Sign in</body></html>", {BLANK}, "unreadable: "),
        "cut": (right[: len(right) // 2], {BLANK}, "unreadable: "),
        "format-3": ('{"nbformat": 3, "worksheets": []}', {BLANK}, "unreadable: nbformat 3"),
        "Li Wei": (right, {RIGHT}, ""),
        "-rf": (right, {RIGHT}, ""),
        "Zoë O'Neil": (right, {RIGHT}, ""),
        "red \x1b7\u2028\x07": (right, {RIGHT}, ""),
        "\u202etxt.exe": (right, {RIGHT}, ""),
        "[ab]": (right, {"–"}, "not graded: the name of the folder holds one of * ? [ ]"),
    }


@pytest.fixture(scope="module")
def graded(room) -> GradedClass:
    """The class, graded by two workers, and beside it folders without a notebook."""
    for student, (content, _scores, _note) in class_of_thirty().items():
        path = submit(room, student, "")
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    (room.folder / "submitted" / "nothing" / "toy").mkdir(parents=True)
    other = submit(room, "other-name", light())
    other.rename(other.with_name("toy (1).ipynb"))
    link = submit(room, "link", "")
    link.unlink()
    link.symlink_to("/etc/hostname")
    raw = os.fsencode(room.folder / "submitted") + b"/\xff\xfe/toy"
    os.makedirs(raw)
    (Path(os.fsdecode(raw)) / "toy.ipynb").write_text(nbformat.writes(light()))
    (room.folder / "autograded" / "long gone" / "toy").mkdir(parents=True)
    with room.api.gradebook as gradebook:
        gradebook.add_student("absent", first_name="Nobody")
    return grade_class(room.folder, "toy", 2)


def lines_of(graded: GradedClass) -> dict[str, tuple[str, str]]:
    """The table as it is read: student to score and remarks."""
    heads, *lines = graded.table().splitlines()
    score = heads.index("score")
    found = {}
    for line in lines:
        name, rest = present(re.match(r"(.*?)\s{2,}(\S+.*)$", line)).groups()
        mark, _, note = rest.partition("  ")
        found[name] = (mark, note.strip())
        assert width(line[: len(line) - len(rest)]) == score, line
    return found


def test_every_submission_of_a_class_has_its_line(graded):
    lines = lines_of(graded)
    for student, (_content, scores, note) in class_of_thirty().items():
        shown = student.encode("unicode_escape").decode() if student[0] in "r\u202e" else student
        mark, said = lines[shown]
        assert mark in scores, (student, mark, said)
        assert said.startswith(note), (student, said)
    assert lines["nothing"] == (
        "–",
        "not graded: there is no submitted/nothing/toy/toy.ipynb; the folder holds no notebook",
    )
    assert "found submitted/other-name/toy/toy (1).ipynb: move it there" in lines["other-name"][1]
    assert lines["\\udcff\\udcfe"] == ("–", "not graded: the name of the folder is not UTF-8: rename it")
    assert lines["link"][0] == BLANK
    assert len(lines) == len(class_of_thirty()) + 4


def test_the_summary_says_who_was_not_graded_and_who_handed_in_nothing(graded):
    assert graded.summary().splitlines()[:3] == [
        'toy: 35 submissions. 31 graded, 0 graded before, 4 not graded: "[ab]", nothing, "other-name", "\\udcff\\udcfe".',
        "Handed in nothing: 1: absent.",
        'In autograded/, but neither in the gradebook nor in submitted/: "long gone". Remove the folder, or put the submission back.',
    ]
    assert not graded.complete


def test_nothing_raw_and_no_traceback_of_a_library_reaches_the_terminal(room, graded):
    command = [sys.executable, "-m", "mlc_course.cli", "grade", "toy", "--folder", str(room.folder), "--workers", "1"]
    (room.folder / ".mlc" / "toy" / "solved.entered").unlink()
    done = subprocess.run(command, capture_output=True)
    assert done.returncode == cli.NOT_PASSED
    said, errors = done.stdout.decode(), done.stderr.decode()
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]", said + errors)
    assert "Traceback" not in said + errors
    assert errors == "1/1 solved: 6/17\n"
    assert "1 graded, 30 graded before, 4 not graded" in said


def test_a_terminal_shows_a_bar_that_fits_on_its_line(room, graded):
    command = [sys.executable, "-m", "mlc_course.cli", "grade", "toy", "--folder", str(room.folder), "--workers", "1"]
    (room.folder / ".mlc" / "toy" / "李明.entered").unlink()
    controller, terminal = pty.openpty()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=terminal) as run:
        os.close(terminal)
        said = b""
        while True:
            try:
                said += os.read(controller, 1000)
            except OSError:  # all of its writers are gone
                break
        assert run.wait() == cli.NOT_PASSED
    os.close(controller)
    assert said.decode() == f"\r[{'#' * 20}] 1/1 李明: 6/17\033[K\r\n"


def test_what_could_not_be_judged_and_remarks_of_the_grader_stand_in_the_line():
    result = {
        "remarks": [{"en": "a check cell was put back", "zh": "检查单元已恢复"}],
        "unjudged": {"split": {"en": "the machine was busy\nfor too long " + "x" * 1000, "zh": "机器太忙"}},
    }
    outcome = recorded(
        Standing(None, None, scores={"axis": 2.0}), {"axis": 2}, "passed over: a.ipynb", result, before=True
    )
    assert str(outcome).startswith("2/2 (graded before; not judged: split (the machine was busy for too long xxx")
    assert outcome.note.endswith("…); a check cell was put back; passed over: a.ipynb")
    assert len(outcome.note) < 700


@pytest.mark.parametrize("result", [{"remarks": 3, "unjudged": []}, {"remarks": [None], "unjudged": {"a": 1}}])
def test_remarks_of_another_form_do_no_harm(result):
    assert recorded(Standing(None, None), {}, "", result, before=False).recorded


def test_what_libraries_and_their_processes_say_goes_into_the_log_with_escapes(tmp_path, capfd):
    log = tmp_path / "toy.log"
    with quiet_terminal(log) as (terminal, raw):
        print("\x1b[2Ja library\nsays so", file=sys.stderr)
        subprocess.run(["sh", "-c", "printf 'a \\377 process\\n' >&2"], check=True)
        os.write(2, b"\x07a native one\n")
        print("ours", file=terminal, flush=True)
        assert raw.is_file()
    print("after", file=sys.stderr)
    assert log.read_text() == "\\x1b[2Ja library\nsays so\na \\xff process\n\\x07a native one\n"
    assert capfd.readouterr().err == "ours\nafter\n"
    with quiet_terminal(log):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_terminal_of_another_encoding_ends_nothing(monkeypatch):
    stream = io.TextIOWrapper(io.BytesIO(), encoding="gbk", write_through=True)
    monkeypatch.setattr(sys, "stdout", stream)
    graded = GradedClass("toy", {"李明 🙂": Outcome(6, 17, recorded=True)})
    monkeypatch.setattr(
        "mlc_course.grading.classroom.class_grading.grade_class", lambda *_arguments, **_options: graded
    )
    assert cli.main(["grade", "toy"]) == cli.DONE
    assert "李明 \\U0001f642" in stream.buffer.getvalue().decode("gbk")


def test_an_interrupted_run_says_what_stands(room: Classroom, graded, monkeypatch, capsys):
    def interrupted(*_arguments: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Classroom, "autograde", interrupted)
    (room.folder / ".mlc" / "toy" / "solved.entered").unlink()
    assert cli.main(["grade", "toy", "--folder", str(room.folder)]) == cli.INTERRUPTED
    said = capsys.readouterr()
    assert "wrong" in said.out
    assert "solved" not in said.out
    assert "What has a score in the table is in the gradebook" in said.err
    monkeypatch.undo()
    assert str(grade_class(room.folder, "toy", 1)["solved"]) == "6/17"


def test_a_folder_nested_too_deep_to_be_copied_costs_only_its_own_student(room: Classroom, graded):
    place = room.submission_folder("toy", "deep")
    place.mkdir(parents=True)
    here = os.open(place, os.O_RDONLY)
    try:
        for _ in range(1500):
            os.mkdir("d", dir_fd=here)
            below = os.open("d", os.O_RDONLY, dir_fd=here)
            os.close(here)
            here = below
    finally:
        os.close(here)
    assert "there is no submitted/deep/toy/toy.ipynb" in str(grade_class(room.folder, "toy", 1)["deep"])
    subprocess.run(["rm", "-rf", str(place.parent)], check=True)
