"""The trusted grader inside nbgrader: regrading, manual grading, late penalties, forged files, feedback, a class."""

import fcntl
import glob
import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import psutil
import pytest
from nbformat.v4 import new_markdown_cell
from submissions import light, submit, toy_notebook

from mlc_course.grading.classroom.class_grading import grade_class
from mlc_course.grading.classroom.gradebook import Classroom, StepFailed
from mlc_course.grading.classroom.preprocessors import TrustedGrade
from mlc_course.grading.classroom.worker_pool import Order, grade_to_file
from mlc_course.grading.judging.grader import GRADERS, ChecksChanged, Grader, checks_version
from mlc_course.grading.vetting.notebook import fingerprint, read_submission, sanitize
from mlc_course.root import course_root

FULL = {"axis": 2, "double": 4, "scale": 3, "split": 3}


def graded(room: Classroom, student: str, notebook) -> dict[str, float]:
    submit(room, student, notebook)
    room.autograde("toy", student)
    return {name: score for name, score in room.scores("toy", student).items() if name in FULL}


def test_a_right_submission_gets_full_marks_and_the_version_of_the_checks_stands_beside(room):
    assert graded(room, "ada", toy_notebook({}, solved=True)) == FULL
    room.generate_feedback("toy", "ada")
    page = (room.folder / "feedback" / "ada" / "toy" / "toy.html").read_text("utf-8")
    assert f"(checks {checks_version('toy')})" in page
    assert "leaves its input alone" in page


def test_deleted_check_cells_do_not_keep_an_old_score(room):
    assert graded(room, "bo", light())["double"] == 4
    notebook = light(solved=False)
    notebook.cells = [c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id") not in FULL]
    assert graded(room, "bo", notebook) == {"axis": 0, "double": 1, "scale": 0, "split": 0}


def test_an_unreadable_submission_does_not_keep_an_old_score(room):
    assert graded(room, "cy", light())["axis"] == 2
    assert set(graded(room, "cy", '{"cells": [').values()) == {0}
    room.generate_feedback("toy", "cy")
    assert "a readable notebook" in (room.folder / "feedback" / "cy" / "toy" / "toy.html").read_text("utf-8")


def test_special_files_and_forged_times_in_a_submission_do_no_harm(room):
    path = submit(room, "dee", light())
    (path.parent / "data.csv").symlink_to("/etc/hostname")
    (path.parent / "link").symlink_to(room.folder)
    (path.parent / "timestamp.txt").write_text("yesterday, honestly")
    room.autograde("toy", "dee")
    assert room.scores("toy", "dee")["double"] == 4
    assert not (room.folder / "autograded" / "dee" / "toy" / "data.csv").exists()


def test_points_given_by_hand_and_comments_outlive_a_regrading(room):
    essay = new_markdown_cell("Because.", metadata={"nbgrader": {"grade_id": "essay"}})
    wrong, right = light(solved=False), light()
    wrong.cells.append(essay)
    right.cells.append(essay)
    graded(room, "eve", wrong)
    with room.api.gradebook as gradebook:
        grade = gradebook.find_grade("essay", "toy", "toy", "eve")
        assert grade.needs_manual_grade
        grade.manual_score, grade.needs_manual_grade = 4, False
        gradebook.find_comment("essay", "toy", "toy", "eve").manual_comment = "Well said."
        gradebook.db.commit()
    assert graded(room, "eve", right)["double"] == 4
    with room.api.gradebook as gradebook:
        assert gradebook.find_grade("essay", "toy", "toy", "eve").manual_score == 4
        assert gradebook.find_comment("essay", "toy", "toy", "eve").manual_comment == "Well said."


def test_what_students_write_does_not_run_in_the_instructors_browser(room):
    notebook = light()
    notebook.cells.insert(1, new_markdown_cell("<script>alert(1)</script><img src=x onerror=alert(2)>"))
    notebook.cells[0].source = (
        "from IPython.display import HTML, Javascript, display\n"
        "display(HTML('<script>alert(3)</script>'))\ndisplay(Javascript('alert(4)'))"
    )
    graded(room, "fay", notebook)
    room.generate_feedback("toy", "fay")
    page = (room.folder / "feedback" / "fay" / "toy" / "toy.html").read_text("utf-8")
    assert "<script>alert" not in page
    assert "<img src=x" not in page


def test_late_submissions_are_counted_as_late(room):
    with room.api.gradebook as gradebook:
        gradebook.update_or_create_assignment("toy", duedate=datetime.utcnow() - timedelta(days=1))
    path = submit(room, "gil", light())
    (path.parent / "timestamp.txt").write_text(f"{datetime.utcnow():%Y-%m-%d %H:%M:%S} UTC")
    room.autograde("toy", "gil")
    with room.api.gradebook as gradebook:
        assert gradebook.find_submission("toy", "gil").total_seconds_late > 80_000
        gradebook.update_or_create_assignment("toy", duedate=None)  # late work is entered whenever a class is graded
    assert room.scores("toy", "gil")["double"] == 4


def test_a_class_is_graded_in_parallel_and_what_is_done_is_not_done_again(room):
    students = {"hal": light(), "ida": light(solved=False), "jo": light()}
    jo = students["jo"]
    jo.cells[-2].source += "\n# not the same file"
    for student, notebook in students.items():
        submit(room, student, notebook)
    first = grade_class(room.folder, "toy", 2)
    assert first.complete
    assert room.scores("toy", "hal")["double"] == 4
    assert room.scores("toy", "ida")["double"] == 1
    state = room.folder / ".mlc" / "toy"
    before = {path.name: path.stat().st_mtime_ns for path in state.iterdir()}
    (state / "hal.entered").unlink()  # as if it had been killed between grading and entering
    second = grade_class(room.folder, "toy", 2)
    assert {name: o.mark for name, o in second.outcomes.items()} == {name: o.mark for name, o in first.outcomes.items()}
    after = {path.name: path.stat().st_mtime_ns for path in state.iterdir()}
    assert {name for name in after if after[name] != before.get(name)} == {"hal.entered"}


def test_a_half_written_result_is_not_taken_for_one(room):
    submit(room, "kim", light())
    state = room.folder / ".mlc" / "toy"
    state.mkdir(parents=True, exist_ok=True)
    (state / "0123.4567.tmp").write_text('{"items": {"axis"')
    assert grade_class(room.folder, "toy", 1)["kim"].recorded
    (result,) = [path for path in state.glob("*.json") if room_result_of(path, "kim", room)]
    assert json.loads(result.read_text("utf-8"))["version"] == checks_version("toy")


def test_what_failed_in_the_grader_itself_is_graded_again_by_the_next_run(room):
    submit(room, "lou", light())
    assert grade_class(room.folder, "toy", 1)["lou"].recorded
    (result,) = [path for path in (room.folder / ".mlc" / "toy").glob("*.json") if room_result_of(path, "lou", room)]
    failed = json.loads(result.read_text("utf-8")) | {"internal_errors": ["axis"]}
    result.write_text(json.dumps(failed), "utf-8")
    again = grade_class(room.folder, "toy", 1)["lou"]
    assert again.recorded
    assert not again.before
    assert json.loads(result.read_text("utf-8"))["internal_errors"] == []
    assert grade_class(room.folder, "toy", 1)["lou"].before


def room_result_of(path: Path, student: str, room: Classroom) -> bool:
    """Whether a result file is that of a student's submission."""
    notebook = read_submission(room.submission_folder("toy", student) / "toy.ipynb")
    made = sanitize(notebook, room.known_cells("toy"))
    return path.stem == fingerprint(made, checks_version("toy"))


def test_a_run_that_is_killed_takes_its_workers_along_and_is_taken_up_again(room):
    for student in ("lea", "mia"):
        notebook = light()
        notebook.cells[0].source += f"\nimport time; time.sleep(3)  # {student}"
        submit(room, student, notebook)
    command = [sys.executable, "-m", "mlc_course.cli", "grade", "toy", "--folder", str(room.folder), "--workers", "2"]
    run = psutil.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    family: list[psutil.Process] = []
    while not any(has_a_kernel(child) for child in family):
        assert run.poll() is None, "it grades until it is killed"
        family = run.children(recursive=True)
        time.sleep(0.05)
    run.kill()
    run.wait()
    _, alive = psutil.wait_procs(family, timeout=120)  # one that is importing ends afterwards
    assert alive == []
    assert grade_class(room.folder, "toy", 2).complete
    assert room.scores("toy", "lea")["double"] == 4


def has_a_kernel(process: psutil.Process) -> bool:
    """Whether a student's kernel that this process started listens on its sockets."""
    # Not Path.glob, which fails when a folder goes that it is about to look into.
    return bool(glob.glob(f"{tempfile.gettempdir()}/mlc-box-{process.pid}-*/s-*"))


@contextmanager
def newer_checks() -> Iterator[None]:
    """While this holds, the toy set has other checks."""
    checks = course_root() / "exercises" / "toy" / "checks" / "axis.py"
    text = checks.read_text("utf-8")
    checks.write_text(text + "# newer\n", "utf-8")
    try:
        yield
    finally:
        checks.write_text(text, "utf-8")


def test_a_grader_is_kept_until_the_checks_of_its_set_change(room):
    kept = GRADERS.grader_for("toy")
    assert GRADERS.grader_for("toy") is kept
    with newer_checks():
        assert GRADERS.grader_for("toy").version == checks_version("toy") != kept.version
    assert GRADERS.grader_for("toy").version == kept.version


def test_a_submission_is_not_judged_by_other_checks_than_those_its_class_began_with(room, tmp_path):
    path = submit(room, "pia", light())
    order = Order("toy", "before", "pia", path, room.known_cells("toy"), None, tmp_path, another_follows=False)
    assert grade_to_file(order) == (
        "ChecksChanged: the checks of toy changed while the class was graded "
        f"(from before to {checks_version('toy')}); run `mlc grade` again"
    )
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def checks_change_meanwhile(monkeypatch) -> Iterator[None]:
    """The checks change while a notebook is graded."""
    with ExitStack() as stack:

        def grade(self: Grader, *_given: object, **_named: object) -> dict:
            stack.enter_context(newer_checks())
            return {"stem": "toy", "version": self.version, "items": {}, "outputs": {}, "remarks": [], "unjudged": {}}

        monkeypatch.setattr(Grader, "grade", grade)
        yield


@pytest.mark.usefixtures("checks_change_meanwhile")
def test_a_result_during_whose_making_the_checks_changed_is_not_kept(room, tmp_path):
    path, version = submit(room, "quy", light()), checks_version("toy")
    order = Order("toy", version, "quy", path, room.known_cells("toy"), None, tmp_path, another_follows=False)
    assert grade_to_file(order).startswith(
        f"ChecksChanged: the checks of toy changed while the class was graded (from {version} to "
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("checks_change_meanwhile")
@pytest.mark.parametrize("stated", [True, False])
def test_nbgrader_is_given_no_marks_during_whose_making_the_checks_changed(room, stated):
    step = TrustedGrade(release=str(room.folder / "release"), version=checks_version("toy") if stated else "")
    with pytest.raises(ChecksChanged, match="the checks of toy changed"):
        step.preprocess(light(), {"nbgrader": {"notebook": "toy", "assignment": "toy"}})


def test_marks_of_two_versions_of_the_checks_are_told_apart(room, capsys):
    def version_on_the_page() -> str:
        room.generate_feedback("toy", "oda")
        page = (room.folder / "feedback" / "oda" / "toy" / "toy.html").read_text("utf-8")
        (found,) = set(re.findall(r"\(checks (\w+)[,)]", page))
        return found

    submit(room, "oda", light())
    grade_class(room.folder, "toy", 1)
    old = version_on_the_page()
    assert old == checks_version("toy")
    with newer_checks():
        capsys.readouterr()
        assert grade_class(room.folder, "toy", 1)["oda"].recorded
        new = version_on_the_page()
        assert new == checks_version("toy") != old
        assert f"graded by checks {old} before, and again by checks {new} now" in capsys.readouterr().err


def test_an_assignment_is_not_graded_by_two_runs_at_once(room):
    lock = room.folder / ".mlc" / "toy.lock"
    lock.parent.mkdir(exist_ok=True)
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        with pytest.raises(StepFailed, match="toy is being graded by another `mlc grade`"):
            grade_class(room.folder, "toy", 1)


def test_a_folder_without_a_notebook_of_that_name_is_named(room):
    place = room.submission_folder("toy", "noa")
    place.mkdir(parents=True)
    (place / "toy (1).ipynb").write_text("{}")
    assert str(grade_class(room.folder, "toy", 1)["noa"]) == (
        "not graded: there is no submitted/noa/toy/toy.ipynb; found submitted/noa/toy/toy (1).ipynb: move it there if it is the one"
    )
    shutil.rmtree(place.parent)
