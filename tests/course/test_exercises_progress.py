"""The learner's progress: what is kept, what is shown, and that the file survives crowds and accidents."""

import json
import multiprocessing
import re
from pathlib import Path

import pytest

from mlc_course import cli
from mlc_course.exercises import checker
from mlc_course.exercises.progress import FORMAT, ItemProgress, progress_file, read_progress, record
from mlc_ref.checks.task import PartResult, Report
from mlc_ref.language import Text

TOY = Path(__file__).parent / "data" / "toy"


@pytest.fixture(autouse=True)
def file(monkeypatch, tmp_path):
    """The progress file of a learner of the toy course."""
    for name in ("MLC_LANG", "MLC_REPORTS", "NBGRADER_EXECUTION", "MLC_BOX"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("MLC_COURSE_ROOT", str(TOY))
    monkeypatch.setenv("MLC_PROGRESS_FILE", str(tmp_path / "mine" / "progress.json"))
    return tmp_path / "mine" / "progress.json"


def report(name, earned, points):
    return Report(name, Text.code(name), (PartResult("p", Text.code("p"), points, earned),))


def kept(file, stem="toy"):
    return {name: (item.earned, item.points) for name, item in read_progress(file, "en").get(stem, {}).items()}


def test_check_in_a_notebook_is_remembered_and_the_best_score_stays(file):
    check = checker("toy", "en")
    check("double", lambda x: 2 * x)
    check("double", lambda x: x)
    check("axis", "spatial")
    assert kept(file) == {"double": (4, 4), "axis": (0, 2)}


def test_a_score_under_other_points_is_replaced():
    former = ItemProgress(5, 5, "2026-01-01T00:00:00+00:00")
    assert former.better_of(ItemProgress(2, 6, "2026-02-01T00:00:00+00:00")).earned == 2


@pytest.mark.parametrize("variable", ["NBGRADER_EXECUTION", "MLC_BOX", "MLC_REPORTS"])
def test_nothing_is_remembered_under_a_grader_or_in_the_kernel_of_mlc_check(file, tmp_path, monkeypatch, variable):
    monkeypatch.setenv(variable, str(tmp_path / "x"))
    checker("toy", "en")("axis", "reduction")
    assert not file.exists()


def test_mlc_check_remembers_every_item(file, tmp_path, capsys):
    import nbformat

    from mlc_course.exercises.notebooks import instructor_notebook

    nbformat.write(instructor_notebook("toy", "zh", TOY), tmp_path / "toy.ipynb")
    assert cli.main(["check", str(tmp_path / "toy.ipynb")]) == cli.DONE
    assert kept(file) == {"axis": (2, 2), "double": (4, 4), "scale": (3, 3), "split": (3, 3)}


def test_progress_shows_each_set_in_the_language(file, capsys):
    record("toy", [report("double", 4, 4), report("axis", 1, 2)], "en")
    assert cli.main(["progress"]) == cli.DONE
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["set", "solved", "points", "last", "check"]
    assert lines[1].split()[:3] == ["toy", "1/4", "5/12"]
    assert lines[2].split() == ["all", "1/4", "5/12"]
    assert lines[-1] == str(file)
    assert cli.main(["progress", "toy", "--lang", "zh"]) == cli.DONE
    out = capsys.readouterr().out
    assert out.splitlines()[0].split() == ["练习", "得分", "最近检查"]
    assert "0/3" in out


def test_progress_of_an_unknown_set_lists_those_that_exist(capsys):
    assert cli.main(["progress", "tow"]) == cli.PROBLEM
    assert "The course has: toy" in capsys.readouterr().err


@pytest.mark.parametrize(("answer", "code", "left"), [("y", cli.DONE, {}), ("", cli.NOT_PASSED, {"axis": (2, 2)})])
def test_reset_asks_first(file, monkeypatch, capsys, answer, code, left):
    record("toy", [report("axis", 2, 2)], "en")
    monkeypatch.setattr("builtins.input", lambda question: answer)
    assert cli.main(["progress", "--reset", "toy"]) == code
    assert kept(file) == left


def test_reset_of_one_set_keeps_the_others_and_no_answer_is_no(file, monkeypatch, capsys):
    record("toy", [report("axis", 2, 2)], "en")
    record("other", [report("x", 1, 1)], "en")

    def closed(question):
        raise EOFError

    monkeypatch.setattr("builtins.input", closed)
    assert cli.main(["progress", "--reset"]) == cli.NOT_PASSED
    assert cli.main(["progress", "--reset", "toy", "--yes"]) == cli.DONE
    assert (kept(file), kept(file, "other")) == ({}, {"x": (1, 1)})


BROKEN = ["", "{", "[]", '{"format": 1}', '{"format": 1, "sets": {"toy": {"axis": {"earned": 3, "points": 2}}}}',
          '{"format": 1, "sets": {"toy": {"axis": {"earned": 3, "points": 2, "checked": "2026-01-01"}}}}']  # fmt: skip


@pytest.mark.parametrize("content", BROKEN)
def test_a_broken_file_is_set_aside_with_a_message_and_never_lost(file, capsys, content):
    file.parent.mkdir(parents=True)
    for _ in range(2):
        file.write_text(content)
        record("toy", [report("axis", 2, 2)], "zh")
        assert re.search("英文原文：.*）。原文件已保留为", capsys.readouterr().err)
        assert kept(file) == {"axis": (2, 2)}
    assert [file.with_name(f"progress.json.broken-{n}").read_text() for n in (1, 2)] == [content, content]


def test_a_file_of_a_newer_course_is_left_as_it_is(file, capsys):
    file.parent.mkdir(parents=True)
    newer = json.dumps({"format": FORMAT + 1, "sets": []})
    file.write_text(newer)
    record("toy", [report("axis", 2, 2)], "en")
    assert "The progress was not written" in capsys.readouterr().err
    assert cli.main(["progress"]) == cli.PROBLEM
    assert file.read_text() == newer


def test_a_place_that_cannot_be_written_stops_no_check(tmp_path, monkeypatch, capsys):
    (tmp_path / "plain").write_text("a file, no folder")
    monkeypatch.setenv("MLC_PROGRESS_FILE", str(tmp_path / "plain" / "progress.json"))
    checked = checker("toy", "en")("axis", "reduction")
    assert isinstance(checked, Report)
    assert checked.passed
    assert "The progress was not written" in capsys.readouterr().err


def _write_items(start):
    for number in range(start, start + 10):
        record("toy", [report(f"item{number}", 1, 1)], "en")


def test_several_processes_may_write_at_once(file):
    with multiprocessing.get_context("spawn").Pool(3) as pool:
        pool.map(_write_items, [0, 10, 20])
    assert kept(file) == {f"item{number}": (1, 1) for number in range(30)}
    assert [path.name for path in file.parent.iterdir() if not path.name.endswith(".lock")] == ["progress.json"]


def test_without_a_name_the_file_lies_in_the_user_s_data_folder(monkeypatch, tmp_path):
    monkeypatch.delenv("MLC_PROGRESS_FILE")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert progress_file().name == "progress.json"
    assert progress_file().parent.name == "mlc-course"
