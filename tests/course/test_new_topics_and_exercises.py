"""A topic and an exercise are made by one command each: what is left is content, and it is marked."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from mlc_course.authoring.new_exercise import CannotMake, new_exercise, parse_parts
from mlc_course.authoring.new_topic import new_topic
from mlc_course.content.exercise_items import exercise_items
from mlc_course.root import course_root, stems

ROOT = course_root()


@pytest.fixture(scope="module")
def course(tmp_path_factory) -> Path:
    """The course with one more topic, and an item of each kind in it."""
    root = tmp_path_factory.mktemp("more")
    tracked = subprocess.run(["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
                             capture_output=True, text=True, check=True).stdout.split("\0")  # fmt: skip
    for name in filter(None, tracked):
        if (ROOT / name).is_file() and not name.startswith("tests/grading/"):
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, root / name)
    new_topic(root, "demo_topic", "gpu")
    for item, kind in (("a_trace", "trace"), ("a_module", "module"), ("a_value", "value")):
        new_exercise(root, "demo_topic", item, kind, parse_parts("first:2,second:1"))
    return root


def run(course: Path, *module: str) -> subprocess.CompletedProcess[str]:
    """Run a module on the copy, with the copy's own packages."""
    environment = {**os.environ, "PYTHONPATH": str(course / "src"), "MLC_COURSE_ROOT": str(course)}
    command = [sys.executable, "-m", *module]
    return subprocess.run(command, cwd=course, env=environment, capture_output=True, text=True, check=False)


def test_it_follows_the_topic_it_was_put_after(course):
    assert stems(course)[stems(course).index("gpu") + 1] == "demo_topic"


def test_nothing_is_left_but_what_is_to_be_written(course):
    *found, counted = run(course, "mlc_course.cli", "lint", "demo_topic").stdout.splitlines()
    assert counted == f"{len(found)} to mend."
    assert [each for each in found if "WRITE:" not in each] == []


def test_its_tests_run_its_right_answers_pass_and_its_wrong_ones_do_not(course):
    done = run(course, "pytest", "-q", "-n", "0", "-p", "no:randomly", "-k", "demo_topic",
               "tests/ref/demo_topic", "tests/exercises/test_answers.py")  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:]
    assert "passed" in done.stdout


def test_the_new_items_stand_in_the_set_in_order(course):
    names = ["first_item", "a_trace", "a_module", "a_value"]
    assert [name for name, _ in exercise_items("demo_topic", course)] == names


@pytest.mark.parametrize(
    ("stem", "after", "words"),
    [
        ("gpu", "schedules", "there is a topic 'gpu' already"),
        ("Bad Name", "gpu", "allowed are lower-case letters"),
        ("fresh", "nowhere", "the topics are introduction"),
    ],
)
def test_a_topic_that_cannot_be_made_is_refused_and_nothing_is_written(course, stem, after, words):
    before = sorted(path for path in course.rglob("*") if "__pycache__" not in path.parts)
    with pytest.raises(CannotMake, match=words):
        new_topic(course, stem, after)
    assert sorted(path for path in course.rglob("*") if "__pycache__" not in path.parts) == before


@pytest.mark.parametrize(
    ("stem", "item", "kind", "words"),
    [
        ("nowhere", "item", "value", "there is no exercise set 'nowhere'"),
        ("demo_topic", "first_item", "value", "has an item 'first_item' already"),
        ("demo_topic", "shared", "value", "and not 'shared'"),
        ("demo_topic", "item", "essay", "allowed are trace, module, program, value"),
    ],
)
def test_an_exercise_that_cannot_be_made_is_refused(course, stem, item, kind, words):
    with pytest.raises(CannotMake, match=words):
        new_exercise(course, stem, item, kind, parse_parts("numbers:1"))


@pytest.mark.parametrize("text", ["", "numbers", "numbers:0", "numbers:x", "a:1,a:2", "Big:1", "a:1,,b:2"])
def test_parts_of_another_form_are_refused(text):
    with pytest.raises(CannotMake, match="parts: got"):
        parse_parts(text)
