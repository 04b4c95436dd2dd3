"""The report of what breaks with the newest releases names the topic, the part and the error."""

from pathlib import Path

import pytest

from mlc_course.authoring import newest_releases
from mlc_course.authoring.newest_releases import Outcome, main_packages, problem_of_chapter, problem_of_tests, report
from mlc_course.root import course_root

PAGE = """\
---
kernelspec:
  name: python3
  display_name: Python 3
---
# A page

```{code-cell} python
x = 1
```

```{code-cell} python
CELL
```
"""


def write(path: Path, text: str) -> Path:
    path.write_text(text, "utf-8")
    return path


def test_a_chapter_that_breaks_is_reported_with_the_error_of_its_cell(tmp_path):
    page = write(tmp_path / "page.md", PAGE.replace("CELL", 'raise AttributeError("tvm.gone")'))
    assert problem_of_chapter(page) == "AttributeError: tvm.gone"


def test_a_chapter_that_runs_is_no_problem(tmp_path):
    assert problem_of_chapter(write(tmp_path / "page.md", PAGE.replace("CELL", "assert x == 1"))) is None


def test_failing_tests_are_counted_and_the_first_is_named(tmp_path):
    write(tmp_path / "test_toy.py", "def test_good(): pass\ndef test_bad(): assert 0\n")
    problem = str(problem_of_tests(tmp_path))
    assert problem.startswith("1 failed, 1 passed")
    assert "test_bad" in problem


def test_passing_tests_and_no_tests_are_no_problem(tmp_path):
    assert problem_of_tests(tmp_path / "missing") is None
    write(tmp_path / "test_toy.py", "def test_good(): pass\n")
    assert problem_of_tests(tmp_path) is None


def test_the_report_says_what_was_tried_and_what_broke():
    error = "\x1b[31mTypeError\x1b[0m: a | b\nsecond line"
    text = report([Outcome("gpu"), Outcome("frameworks", chapter=error)], {"torch": ("2.13.0", "9.9")})
    assert "| torch | 2.13.0 | 9.9 |" in text
    assert "| gpu | works | works |" in text
    assert "| frameworks | TypeError: a \\| b second line | works |" in text
    assert text.rstrip().endswith("Broken: frameworks.")


def test_the_main_packages_are_those_the_project_depends_on():
    packages = main_packages(course_root())
    assert {"apache-tvm", "apache-tvm-ffi", "torch", "numpy", "scikit-learn", "xgboost-cpu"} <= set(packages)
    assert not [name for name in packages if "=" in name]


@pytest.mark.parametrize(("problem", "code"), [(None, 0), ("ValueError: x", 1)])
def test_the_command_fails_where_something_breaks_and_writes_the_summary(tmp_path, monkeypatch, problem, code):
    monkeypatch.setattr(newest_releases, "problem_of_chapter", lambda page: problem)
    monkeypatch.setattr(newest_releases, "problem_of_tests", lambda folder: None)
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary.md"))
    assert newest_releases.main(["gpu"]) == code
    assert (problem or "| gpu | works | works |") in (tmp_path / "summary.md").read_text("utf-8")


def test_releases_that_cannot_be_installed_together_are_said(monkeypatch, capsys):
    monkeypatch.setattr(newest_releases, "upgrade", lambda packages: 1)
    assert newest_releases.main(["--upgrade", "gpu"]) == 1
    assert "could not install the newest releases together" in capsys.readouterr().err


def test_an_unknown_topic_is_refused_with_those_there_are(capsys):
    with pytest.raises(SystemExit):
        newest_releases.main(["--upgrade", "gpus"])
    assert "STEM: got gpus, allowed introduction, " in capsys.readouterr().err
