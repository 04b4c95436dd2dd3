"""Whatever a learner may be told is told in both languages, wherever it comes from."""

import argparse
import ast
import re

import numpy as np
import pytest

from mlc_course import cli
from mlc_course.command_help import told_in
from mlc_course.exercises import learner
from mlc_course.exercises.answers import WANTED
from mlc_course.exercises.catalog import ChecksError
from mlc_course.grading.in_box.endpoint import _exported
from mlc_course.grading.judging.item_grader import vet_answer
from mlc_course.grading.vetting.strict_json import parse
from mlc_course.root import CourseNotFound, course_root
from mlc_ref.checks.failure import CheckFailure
from mlc_ref.language import Text
from mlc_ref.versions import OtherVersions

ROOT = course_root()
LEARNERS = ("src/mlc_course/exercises", "src/mlc_course/root.py", "src/mlc_ref/versions.py")
FOR_OTHERS = {
    "CourseFolderProblem": "of `mlc course create`, for instructors",
    "ExerciseError": "of an exercise's source, for authors",
    "UnknownSection": "of a link in an exercise's source, for authors",
    "StoppedEarly": "its `message` and `reason` are texts in both languages",
    "OutOfTime": "never shown: `out_of_time` says it in both languages",
}
SAID = ("src/mlc_course/exercises", "src/mlc_course/grading/in_box", "src/mlc_course/grading/judging",
        "src/mlc_course/grading/protocol", "src/mlc_course/grading/vetting", "src/mlc_ref/checks", "src/mlc_ref/webgpu",
        "exercises")  # fmt: skip
SAYING = ("CheckFailure", "require", "refuse", "refused_node", "refused_call", "unsupported", "refused")
SAID_AS = ("expected", "found", "where", "hint")
PROSE = re.compile(r"\b[a-z]+( [a-z]+)+\b")
PROSE_WITH_FIELDS = re.compile(r"\b(?!dtype)[a-z]{2,} ([a-z]+\b|§)|§ [a-z]{2,}\b")


def trees(*places):
    for place in places:
        for path in [ROOT / place] if place.endswith(".py") else sorted((ROOT / place).rglob("*.py")):
            yield path.relative_to(ROOT), ast.parse(path.read_text("utf-8"))


def _name(node):
    return getattr(node, "id", getattr(node, "attr", ""))


def english_alone(tree):
    """Lines on which English prose, not a text in both languages, is an argument of a message."""
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        said = [k.value for k in call.keywords if k.arg in SAID_AS or _name(call.func) in SAYING]
        said += call.args if _name(call.func) in SAYING else []
        for value in said:
            words = ast.unparse(value) if isinstance(value, ast.Constant | ast.JoinedStr) else ""
            if PROSE_WITH_FIELDS.search(re.sub(r"\{[^}]*\}", "§", words)):
                yield call.lineno


def test_no_message_of_a_check_or_a_refusal_is_english_alone():
    assert [f"{path}:{line}" for path, tree in trees(*SAID) for line in english_alone(tree)] == []


def test_english_alone_is_found_in_every_place_of_a_message():
    for code in ('refuse(WHAT, "a list of another form")', 'require(a == b, expected=1, found=f"{n} of these blocks")',
                 'judge(where="the first of them")', 'raise refused_node(3, "not a node")', 'refuse(WHAT, f"step {n}: {name}")'):  # fmt: skip
        assert list(english_alone(ast.parse(code))) == [1], code
    assert list(english_alone(ast.parse('refuse(Text("a list", "列表"), Text("it is none", "不是"))'))) == []


def test_errors_that_learners_see_have_their_message_in_both_languages():
    classes = [
        (path, node) for path, tree in trees(*LEARNERS) for node in ast.walk(tree) if isinstance(node, ast.ClassDef)
    ]
    errors = [
        (path, node) for path, node in classes if any(re.search("(Error|Exception)$", _name(b)) for b in node.bases)
    ]
    assert len(errors) > 6
    english = [f"{path}: {node.name}" for path, node in errors
               if "TextError" not in map(_name, node.bases) and node.name not in FOR_OTHERS]  # fmt: skip
    assert english == []


def test_other_versions_of_tvm_are_told_in_the_language_of_notebook_and_command(monkeypatch, capsys, tmp_path):
    monkeypatch.delenv("MLC_LANG", raising=False)
    monkeypatch.setattr("mlc_ref.versions.PINNED", {"apache-tvm": "9.9"})
    with pytest.raises(OtherVersions, match=r"本课程需要 9\.9"):
        learner.checker("gpu", "zh")
    with pytest.raises(OtherVersions, match=r"the course needs 9\.9"):
        learner.checker("gpu", "en")
    assert cli.main(["check", str(tmp_path / "toy.ipynb"), "--lang", "zh"]) == cli.PROBLEM
    assert "本课程需要 9.9" in capsys.readouterr().err


def test_an_item_that_is_not_there_is_told_in_the_language_of_the_notebook(monkeypatch):
    monkeypatch.delenv("MLC_LANG", raising=False)
    for language, words in (("zh", "没有"), ("en", "has no item")):
        check = learner.checker("gpu", language)
        with pytest.raises(ChecksError, match=words):
            check("nothing", 1)


@pytest.mark.parametrize("text", ['{"a": 1, "a": 2}', "[" * 9 + "]" * 9, "[9999999999999999999999]", "[NaN]", "[1,"])
def test_what_is_wrong_with_json_is_said_in_chinese(text):
    with pytest.raises(CheckFailure) as refused:
        parse(text, limit=100, what=Text("a list", "列表"), finite=True, depth=4)
    said = refused.value.found.zh.removeprefix("无效的 JSON：")
    assert said.startswith("英文原文：") or not re.search("[a-z]{2}", said), said


def test_a_course_that_is_not_found_is_told_in_chinese(monkeypatch, capsys, tmp_path):
    monkeypatch.setenv("MLC_COURSE_ROOT", str(tmp_path))
    monkeypatch.setenv("MLC_LANG", "zh")
    assert cli.main(["progress", "gpu"]) == cli.PROBLEM
    assert "请克隆课程的仓库" in capsys.readouterr().err
    with pytest.raises(CourseNotFound, match="Clone the course's repository"):
        course_root()


def test_a_value_that_is_no_plain_data_leaves_the_box_in_both_languages():
    message = _exported("predict", {"blocks": {1, 2}})
    with pytest.raises(CheckFailure) as refused:
        vet_answer({"kind": "value"}, message)
    assert (refused.value.expected, refused.value.found.en[:18]) == (WANTED["value"], "answer['blocks']: ")
    assert "得到 set，允许的是" in refused.value.found.zh


@pytest.mark.parametrize("why", ["English alone", ["", ""], ["one"], ["one", 2], {"en": "one", "zh": "two"}, None])
def test_a_reason_of_another_form_from_the_box_is_not_passed_on(why):
    with pytest.raises(CheckFailure) as refused:
        vet_answer({"kind": "value"}, {"kind": "other", "found": "builtins.set", "why": why})
    assert refused.value.found.en == "builtins.set"


COMMANDS = [
    ["check"],
    ["check", "a.ipynb", "--timeout", "long"],
    ["progress", "--lang", "fr"],
    ["check", "a", "b"],
    ["check", "a", "--timeout"],
]


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_what_is_wrong_with_a_command_is_said_in_chinese(arguments, capsys):
    parser = told_in("zh", cli._parser())
    with pytest.raises(SystemExit) as left:
        parser.parse_args(arguments)
    assert left.value.code == cli.PROBLEM
    told = capsys.readouterr().err.splitlines()[-1]
    assert re.search(r"[一-鿿]", told)
    assert not PROSE.search(told.partition("：")[2]), told


def test_what_the_parser_says_that_is_not_known_stays():
    parser = told_in("zh", argparse.ArgumentParser(prog="mlc", exit_on_error=False))
    with pytest.raises(SystemExit):
        parser.error("something else")


def test_what_python_says_of_a_value_leaves_the_box_marked_as_english():
    message = _exported("predict", np.complex64(1j))
    with pytest.raises(CheckFailure) as refused:
        vet_answer({"kind": "value"}, message)
    assert refused.value.found.en.startswith("Object of type complex")
    assert refused.value.found.zh == f"英文原文：{refused.value.found.en}"
