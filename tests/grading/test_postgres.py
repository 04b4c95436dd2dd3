"""A gradebook in PostgreSQL, on a real server, in place of SQLite."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from submissions import TOY, toy_notebook

from mlc_course.bootstrap import postgres_tools
from mlc_course.exercises.course import create_course
from mlc_course.grading.classroom.class_grading import grade_class
from mlc_course.grading.classroom.gradebook import Classroom
from mlc_course.grading.judging.grader import GRADERS
from mlc_course.root import course_root

pytestmark = pytest.mark.slow

NOBODY = 65534
LIGHT = {"scale-answer": "scale = None", "split-answer": "sch = None"}  # keeps TVM out of the student's process


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    """Address of a server of our own, reached through a socket in its folder; it ends with the tests."""
    tools = postgres_tools()
    if tools is None and not os.environ.get("CI"):
        pytest.skip("*** POSTGRESQL TESTS NOT RUN: no initdb. Debian and Ubuntu: apt-get install postgresql")
    assert tools is not None, "PostgreSQL is missing: apt-get install postgresql"
    folder = Path(tempfile.mkdtemp(prefix="mlcpg"))
    # PostgreSQL refuses to run as root.
    user = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"] if os.geteuid() == 0 else []
    if user:
        shutil.chown(folder, NOBODY, NOBODY)

    def run(tool: str, *arguments: str) -> None:
        command = [*user, str(tools / tool), "-D", str(folder / "data"), *arguments]
        done = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        assert done.returncode == 0, done.stdout

    run("initdb", "-A", "trust", "-U", "mlc", "-E", "UTF8", "--no-sync")
    run("pg_ctl", "-w", "-l", str(folder / "log"), "-o", f"-k {folder} -c listen_addresses=''", "start")
    try:
        yield f"postgresql://mlc@/postgres?host={folder}"
    finally:
        run("pg_ctl", "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def room(database, tmp_path_factory) -> Iterator[Classroom]:
    """A course folder whose gradebook is the server."""
    patch = pytest.MonkeyPatch()
    root = tmp_path_factory.mktemp("course")
    shutil.copytree(TOY, root, dirs_exist_ok=True)
    shutil.copy(course_root() / "exercises" / "nbgrader_config.py", root / "exercises")
    patch.setenv("MLC_COURSE_ROOT", str(root))
    create_course(root / "class", "en")
    with (root / "class" / "nbgrader_config.py").open("a") as config:
        config.write(f"c.CourseDirectory.db_url = {database!r}\n")
    made = Classroom(root / "class")
    made.generate_assignment("toy")
    yield made
    GRADERS.stop()
    patch.undo()


def submit(room: Classroom, student: str, *, solved: bool) -> None:
    import nbformat

    place = room.submission_folder("toy", student)
    place.mkdir(parents=True)
    nbformat.write(toy_notebook(LIGHT, solved=solved), place / "toy.ipynb")


def test_one_submission_is_graded_into_the_server_and_no_sqlite_file_is_made(room):
    submit(room, "ada", solved=True)
    room.autograde("toy", "ada")
    assert room.scores("toy", "ada") == {"axis": 2, "double": 4, "scale": 0, "split": 0}
    assert not list(room.folder.rglob("gradebook.db"))


def test_a_class_is_graded_into_the_server_and_a_second_run_changes_nothing(room):
    submit(room, "bea", solved=True)
    submit(room, "cai", solved=False)
    outcomes = grade_class(room.folder, "toy", workers=2)
    assert (outcomes["bea"].score, outcomes["cai"].score) == (6, 1)
    again = grade_class(room.folder, "toy", workers=2)
    assert (again["bea"].score, again["cai"].score) == (6, 1)
    assert "graded before" in str(again["cai"])
