"""A class of three on the road of stock nbgrader: release, submit, autograde, feedback, export; both languages."""

import csv
import os
import re
import subprocess
import sys
from html import unescape

import nbformat
import pytest
from nbgrader.apps.nbgraderapp import NbGraderApp

from mlc_course.exercises.catalog import exercise_stems, load_exercise, load_tasks
from mlc_course.exercises.course import create_course
from mlc_course.exercises.notebooks import instructor_notebook, learner_notebook
from mlc_course.exercises.source import answer_id
from mlc_course.grading.classroom.gradebook import Classroom
from mlc_course.grading.judging.grader import checks_version
from mlc_course.grading.sandbox.probe import sandbox_problem
from mlc_course.root import course_root
from mlc_ref.language import LANGUAGES, Language

pytestmark = pytest.mark.slow

STEMS = exercise_stems()[:2]  # every other set is judged in test_exercises_sets.py
STUDENTS = ("ada", "bo", "cy")  # all right, the first half right, blank


def half_right(stem: str, lang: Language):
    """The released notebook with the first half of its answers filled in, and the items that are right."""
    solved = {cell.id: cell.source for cell in instructor_notebook(stem, lang).cells}
    names = [task.name for task in load_tasks(stem)]
    right = names[: (len(names) + 1) // 2]
    notebook = learner_notebook(stem, lang)
    for cell in notebook.cells:
        if cell.id in map(answer_id, right):
            cell.source = solved[cell.id]
    return notebook, right


@pytest.fixture(scope="module", params=LANGUAGES)
def graded(request, tmp_path_factory):
    """A course folder in one language in which three students' submissions of every set are graded."""
    problem = sandbox_problem()
    if problem and not os.environ.get("CI"):
        pytest.skip(f"*** CLASS NOT GRADED: {problem}")
    assert problem is None, problem
    lang = request.param
    folder = tmp_path_factory.mktemp("course") / "class"
    create_course(folder, lang, STEMS)
    room = Classroom(folder)
    for stem in STEMS:
        room.generate_assignment(stem)
        work = dict(zip(STUDENTS, (instructor_notebook(stem, lang), half_right(stem, lang)[0],
                                   learner_notebook(stem, lang)), strict=True))  # fmt: skip
        for student, notebook in work.items():
            place = room.submission_folder(stem, student)
            place.mkdir(parents=True)
            nbformat.write(notebook, place / f"{stem}.ipynb")
            room.autograde(stem, student)
            room.generate_feedback(stem, student)
    return lang, room


@pytest.mark.parametrize("stem", STEMS)
def test_release_is_what_exercises_build_writes_cell_for_cell(graded, stem):
    lang, room = graded
    released = nbformat.read(room.folder / "release" / stem / f"{stem}.ipynb", as_version=4)
    built = learner_notebook(stem, lang)
    assert [(c.id, c.cell_type, c.source, c.metadata) for c in released.cells] == [
        (c.id, c.cell_type, c.source, c.metadata) for c in built.cells
    ]
    assert released.metadata.mlc.pop("checks") == checks_version(stem)
    assert released.metadata == built.metadata


@pytest.mark.parametrize("stem", STEMS)
def test_release_holds_no_solution_and_no_check(graded, stem):
    _, room = graded
    files = [path for path in (room.folder / "release" / stem).rglob("*") if path.is_file()]
    assert [path.name for path in files] == [f"{stem}.ipynb"]
    source = "\n".join(cell.source for cell in nbformat.read(files[0], as_version=4).cells)
    assert "SOLUTION" not in source
    for cell in load_exercise(stem).cells:
        if cell.role == "answer":
            hidden = re.search(r"### BEGIN SOLUTION\n(.*)### END SOLUTION", cell.source, re.DOTALL)
            assert hidden is not None
            assert hidden[1].strip() not in source


@pytest.mark.parametrize("stem", STEMS)
def test_the_instructors_solution_scores_full_marks(graded, stem):
    _, room = graded
    assert room.scores(stem, "ada") == {task.name: task.points for task in load_tasks(stem)}


@pytest.mark.parametrize("stem", STEMS)
def test_half_the_answers_score_their_points(graded, stem):
    lang, room = graded
    right = half_right(stem, lang)[1]
    expected = {task.name: task.points if task.name in right else 0 for task in load_tasks(stem)}
    assert room.scores(stem, "bo") == expected


@pytest.mark.parametrize("stem", STEMS)
def test_the_released_notebook_scores_nothing(graded, stem):
    _, room = graded
    assert set(room.scores(stem, "cy").values()) == {0}


@pytest.mark.parametrize("stem", STEMS)
def test_feedback_pages_show_parts_and_messages_in_the_notebooks_language(graded, stem):
    lang, room = graded
    page = unescape((room.folder / "feedback" / "bo" / stem / f"{stem}.html").read_text("utf-8"))
    right = half_right(stem, lang)[1]
    for task in load_tasks(stem):
        if task.name in right:
            assert task.title.get(lang) in page
            assert task.parts[0].title.get(lang) in page


def test_export_writes_the_score_of_every_submission(graded):
    _, room = graded
    subprocess.run([sys.executable, "-m", "nbgrader", "export"], cwd=room.folder, check=True, capture_output=True)
    with (room.folder / "grades.csv").open() as file:
        rows = {(row["student_id"], row["assignment"]): row for row in csv.DictReader(file)}
    for stem in STEMS:
        points = sum(task.points for task in load_tasks(stem))
        assert [float(rows[s, stem]["max_score"]) for s in STUDENTS] == [points] * 3
        assert float(rows["ada", stem]["score"]) == points
        assert float(rows["cy", stem]["score"]) == 0


def test_the_readme_of_a_course_folder_names_commands_that_exist(graded):
    _, room = graded
    readme = (room.folder / "README.md").read_text("utf-8")
    commands = set(re.findall(r"`nbgrader (\w+)", readme))
    assert {"generate_assignment", "autograde", "generate_feedback", "export", "zip_collect"} <= commands
    assert commands <= set(NbGraderApp.subcommands)


def test_zip_collect_takes_submissions_from_archives(graded, tmp_path):
    lang, room = graded
    stem = STEMS[0]
    downloaded = room.folder / "downloaded" / stem / "archive"
    downloaded.mkdir(parents=True, exist_ok=True)
    nbformat.write(learner_notebook(stem, lang), downloaded / f"dee_{stem}.ipynb")
    command = [sys.executable, "-m", "nbgrader", "zip_collect", stem]
    done = subprocess.run(command, cwd=room.folder, capture_output=True, text=True, env=dict(os.environ))
    assert (room.folder / "submitted" / "dee" / stem / f"{stem}.ipynb").is_file(), done.stderr


def test_the_course_has_exercise_sets():
    assert STEMS
    assert course_root().joinpath("exercises", STEMS[0], "checks", "__init__.py").is_file()
