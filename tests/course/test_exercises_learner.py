"""``check`` in a notebook: a report for the learner, a number for nbgrader, in the right language."""

import os
import sys
import warnings
from pathlib import Path

import pytest

from mlc_course.exercises import checker
from mlc_course.exercises.catalog import UnknownStem
from mlc_course.exercises.reports import read_reports
from mlc_ref.checks.task import Report

TOY = Path(__file__).parent / "data" / "toy"


@pytest.fixture(autouse=True)
def toy_course(monkeypatch):
    for name in ("MLC_LANG", "MLC_REPORTS", "NBGRADER_EXECUTION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("MLC_COURSE_ROOT", str(TOY))


def test_check_returns_a_report_that_shows_itself_as_a_table():
    report = checker("toy", "zh")("double", lambda x: x)
    assert isinstance(report, Report)
    assert (report.score, report.points) == (1, 4)
    assert '<td style="text-align:left">数值正确</td>' in report._repr_html_()


def test_the_readers_language_wins_over_the_notebooks(monkeypatch):
    monkeypatch.setenv("MLC_LANG", "zh")
    report = checker("toy", "en")("axis", "reduction")
    assert isinstance(report, Report)
    assert report.language == "zh"


def test_under_nbgrader_check_prints_the_report_and_gives_the_points(monkeypatch, capsys):
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    assert checker("toy", "en")("double", lambda x: x) == 1
    assert "[1/1] leaves its input alone: passed" in capsys.readouterr().out


def test_while_nbgrader_validates_check_gives_all_or_none_of_points_it_does_not_know(monkeypatch):
    monkeypatch.setenv("NBGRADER_EXECUTION", "validate")
    assert checker("toy", "en")("double", lambda x: 2 * x) is None
    assert checker("toy", "en")("double", lambda x: x) == 0


def noisy(x):
    warnings.warn("careful", stacklevel=1)
    print("a word", file=sys.stderr)
    os.write(2, b"from native code\n")
    return 2 * x


def test_warnings_and_native_logs_do_not_reach_standard_error_while_grading(monkeypatch, capfd):
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    assert checker("toy", "en")("double", noisy) == 4
    assert capfd.readouterr().err == ""


def test_reports_are_collected_where_asked(monkeypatch, tmp_path):
    monkeypatch.setenv("MLC_REPORTS", str(tmp_path / "reports"))
    report = checker("toy", "en")("axis", "spatial")
    assert read_reports(tmp_path / "reports") == [report]


def test_an_unknown_set_or_language_is_refused_at_once():
    with pytest.raises(UnknownStem, match="The course has: toy"):
        checker("tow", "en")
    with pytest.raises(ValueError, match="allowed en, zh"):
        checker("toy", "fr")


def test_other_versions_of_tvm_are_refused_with_the_command_to_mend_it(monkeypatch):
    monkeypatch.setattr("mlc_ref.versions.PINNED", {"apache-tvm": "9.9"})
    with pytest.raises(RuntimeError, match=r"the course needs 9\.9; run: pip install apache-tvm==9\.9"):
        checker("toy", "en")
