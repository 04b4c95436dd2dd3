"""Which failures `make test` tries once more: those of browsers and clocks, if they are all that failed."""

import os
import re
import shutil
import subprocess
import sys

import pytest

from mlc_course.root import course_root

ROOT = course_root()
TESTS = """
import os, pytest

@pytest.mark.timed
def test_of_a_clock(): assert "clock" not in os.environ["FAIL"]

def test_of_a_result(): assert "result" not in os.environ["FAIL"]
"""


@pytest.fixture(scope="module")
def toy(tmp_path_factory):
    folder = tmp_path_factory.mktemp("toy")
    shutil.copy(ROOT / "tests" / "conftest.py", folder)
    (folder / "pytest.ini").write_text("[pytest]\nmarkers =\n  timed: x\n  browser: x\n", "utf-8")
    (folder / "test_toy.py").write_text(TESTS, "utf-8")
    return folder


@pytest.mark.parametrize(
    ("fails", "status", "workers"),
    [("", 0, 0), ("clock", 75, 2), ("result", 1, 0), ("clock result", 1, 0)],
)
def test_only_failures_that_depend_on_load_end_with_the_status_of_another_try(toy, fails, status, workers):
    command = [sys.executable, "-m", "pytest", "-q", "-n", str(workers), str(toy)]
    ended = subprocess.run(command, cwd=toy, env={**os.environ, "FAIL": fails}, capture_output=True, check=False)
    assert ended.returncode == status, ended.stdout.decode()


def test_the_makefile_tries_again_after_that_status_only():
    (recipe,) = re.findall(r"^test:.*\n((?:\t.*\n)+)", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert "[ $$? -eq 75 ] &&" in recipe
    assert "--last-failed-no-failures none" in recipe
