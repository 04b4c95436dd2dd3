"""exercise.md is read as written, and every malformed source is refused with its file and cell."""

from pathlib import Path

import pytest

from mlc_course.exercises.catalog import ChecksError, UnknownStem, exercise_stems, load_exercise, load_task, load_tasks
from mlc_course.exercises.source import ExerciseError, parse_check, read_exercise

TOY = Path(__file__).parent / "data" / "toy"
GOOD = (TOY / "exercises" / "toy" / "exercise.md").read_text("utf-8")
PAIR = '+++ {"lang": "en"}\n\n## Double an array\n\n+++ {"lang": "zh"}\n\n## 数组加倍\n'
CHECK = '```{code-cell} python\n:role: check\n:item: double\n\ncheck("double", double)\n```\n'
ANSWER_HEAD = ":role: answer\n:item: double\n"


def read(tmp_path: Path, text: str):
    path = tmp_path / "toy" / "exercise.md"
    path.parent.mkdir()
    path.write_text(text, "utf-8")
    return read_exercise(path, load_tasks("toy", TOY))


def test_a_source_is_read_in_order_with_roles_items_and_languages():
    cells = load_exercise("toy", TOY).cells
    assert [cell.role for cell in cells[:5]] == ["prose", "prose", "setup", "prose", "prose"]
    assert [(cell.role, cell.item) for cell in cells if cell.item == "double"] == [
        ("answer", "double"),
        ("check", "double"),
    ]
    assert [cell.language for cell in cells[:3]] == ["en", "zh", None]


def test_the_sets_of_a_course_are_found_and_their_tasks_loaded_once():
    assert exercise_stems(TOY) == ["toy"]
    assert all(a is b for a, b in zip(load_tasks("toy", TOY), load_tasks("toy", TOY), strict=True))
    assert load_task("toy", "split", TOY).kind == "trace"


def test_an_unknown_stem_is_answered_with_those_that_exist():
    with pytest.raises(UnknownStem, match=r"no exercise set 'tow'\. The course has: toy"):
        load_tasks("tow", TOY)


def test_an_unknown_item_is_answered_with_those_that_exist():
    with pytest.raises(ChecksError, match=r"no item 'triple'\. It has: axis, double, scale, split"):
        load_task("toy", "triple", TOY)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('+++ {"lang": "zh"}\n\n## 数组加倍\n', "", "Double an array.*has no Chinese text right after it"),
        ('+++ {"lang": "en"}\n\n## Double an array\n', "", "expected text in 'en', got 'zh'"),
        (PAIR, "+++\n\n## Double\n", "text begins with"),
        (ANSWER_HEAD, ":role: anwser\n:item: double\n", "got role 'anwser', allowed setup, answer, check, example"),
        (ANSWER_HEAD, ":role: answer\n", "answer and check cells have an :item:"),
        (ANSWER_HEAD, ":role: answer\n:item: triple\n", "item 'triple' has no file in checks/, which has axis, double"),
        (ANSWER_HEAD, ":role: answer\n:item: a b\n", "got item 'a b', allowed letters"),
        (ANSWER_HEAD, ":role: answer\n:item: double\n:points: 3\n", "got option 'points', allowed item, role"),
        (CHECK, "", "item 'double' of checks/ needs one answer cell and then one check cell, got answer$"),
        (CHECK, CHECK + "\n" + CHECK, "needs one answer cell and then one check cell, got answer, check, check"),
        ('check("double", double)', 'check("scale", double)', r'a check cell is exactly check\("double", <answer>\)'),
        ('check("double", double)', 'check("double", double); 1', "a check cell is exactly"),
        ("    ### BEGIN SOLUTION\n    return", "    return", "has its solution between"),
        ("### END SOLUTION", "### END  SOLUTION", "has its solution between"),
        ("    ### BEGIN SOLUTION\n    return", "    # BEGIN SOLUTION\n    return", "got '# BEGIN SOLUTION', allowed"),
        ("np.arange(3)", "### BEGIN SOLUTION\nnp.arange(3)\n### END SOLUTION", "only answer cells hold a solution"),
        ("np.arange(3)", "### BEGIN HIDDEN TESTS\n### END HIDDEN TESTS", "hidden tests belong into checks/"),
    ],
)
def test_a_malformed_source_is_refused(tmp_path, old, new, message):
    assert old in GOOD
    with pytest.raises(ExerciseError, match=message) as caught:
        read(tmp_path, GOOD.replace(old, new, 1))
    assert str(tmp_path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_source_is_named(tmp_path):
    with pytest.raises(ExerciseError, match="there is no such file"):
        read_exercise(tmp_path / "toy" / "exercise.md", [])


def test_broken_front_matter_is_named(tmp_path):
    with pytest.raises(ExerciseError, match="not a MyST notebook"):
        read(tmp_path, GOOD.replace("  display_name: Python 3", "  display_name: [Python 3"))


TASK = 'from mlc_ref.checks import Task\nfrom mlc_ref.language import Text\nt = Task("a", kind="value", title=Text.code("A"))\n'
PART = '@t.inspect("p", points=1, title=Text.code("P"))\ndef p(answer): ...\n'


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({}, r"checks/__init__\.py: there is no such file"),
        ({"__init__.py": ""}, "holds no item; write one file for each"),
        ({"__init__.py": "", "a.py": ""}, r"a\.py: needs one Task, got 0"),
        (
            {"__init__.py": "", "a.py": TASK + 'u = Task("b", kind="value", title=Text.code("B"))\n'},
            "needs one Task, got 2",
        ),
        ({"__init__.py": "", "b.py": TASK + PART}, "its Task is named 'a'; file and task have the same name"),
        ({"__init__.py": "", "a.py": TASK}, "task 'a' has no parts"),
    ],
)
def test_a_malformed_checks_folder_is_refused(tmp_path, files, message):
    folder = tmp_path / "exercises" / "bad"
    (folder / "checks").mkdir(parents=True)
    (tmp_path / "_toc.yml").write_text("root: index\n")
    (folder / "exercise.md").write_text(GOOD, "utf-8")
    for name, text in files.items():
        (folder / "checks" / name).write_text(text, "utf-8")
    with pytest.raises(ChecksError, match=message):
        load_tasks("bad", tmp_path)


def test_items_may_share_code_in_a_file_that_is_no_item(tmp_path):
    folder = tmp_path / "exercises" / "good"
    (folder / "checks").mkdir(parents=True)
    (tmp_path / "_toc.yml").write_text("root: index\n")
    (folder / "exercise.md").write_text(GOOD, "utf-8")
    (folder / "checks" / "__init__.py").touch()
    (folder / "checks" / "shared.py").write_text("POINTS = 3\n")
    text = TASK + "from .shared import POINTS\n" + PART.replace("points=1", "points=POINTS")
    (folder / "checks" / "a.py").write_text(text)
    assert [task.points for task in load_tasks("good", tmp_path)] == [3]


@pytest.mark.parametrize("source", ["check('a')", "x = check('a', b)", "check(a, b)", "check('a', b, c=1)", "(", "1"])
def test_only_a_plain_call_is_a_check(source):
    assert parse_check(source) is None


def test_the_answer_of_a_check_is_an_expression():
    call = parse_check('check("a", f(x)[0])')
    assert call is not None
    assert (call.item, call.answer) == ("a", "f(x)[0]")
