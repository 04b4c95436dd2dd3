"""The pins of requirements.lock are installed, and the reasons for them still hold."""

import re
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
import tomllib
import yaml

from mlc_course.bootstrap import NEWEST, OLDEST, python_problem
from mlc_course.wheels import PYTHONS
from mlc_ref.versions import PINNED

ROOT = Path(__file__).resolve().parents[2]
LOCK = dict(
    line.split(";")[0].strip().split("==")
    for line in (ROOT / "requirements.lock").read_text().splitlines()
    if line.strip() and not line.startswith("#")
)
ROUND_TRIP = """
import tvm
from mlc_ref.introduction import programs
from tvm_ffi import structural_equal
modules = [m for m in vars(programs).values() if isinstance(m, tvm.IRModule)]
assert modules
for module in modules:
    text = tvm.ir.save_json(module)
    assert structural_equal(tvm.ir.load_json(text), module)
print("same", len(modules))
"""


def test_modules_survive_the_json_round_trip_that_newer_tvm_ffi_crashes_on():
    # In a process of its own: the failure guarded against is a crash, not an exception.
    done = subprocess.run([sys.executable, "-c", ROUND_TRIP], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.startswith("same")


@pytest.mark.parametrize("package", ["apache-tvm", "apache-tvm-ffi", "jupyter-book", "nbgrader", "Sphinx", "numpy"])
def test_the_installed_version_is_the_pinned_one(package: str):
    assert version(package).split("+")[0] == LOCK[package]


def test_the_lock_and_the_version_guard_agree():
    assert {package: LOCK[package] for package in PINNED} == PINNED


def test_every_line_of_the_lock_is_an_exact_pin_without_an_address():
    for line in (ROOT / "requirements.lock").read_text().splitlines():
        assert not line or line.startswith("#") or re.fullmatch(r"[\w.-]+==[\w.]+", line), line


def test_an_unsupported_python_is_refused_with_what_to_do():
    assert python_problem((3, 11)) is None
    assert python_problem((3, 14, 1)) is None
    for version_info in [(3, 9), (3, 15)]:
        assert "PYTHON=python3.11" in python_problem(version_info)


def test_every_place_that_names_the_supported_pythons_names_the_same():
    oldest, newest = OLDEST[1], NEWEST[1]
    versions = [f"3.{minor}" for minor in range(oldest, newest + 1)]
    english, chinese = (
        ", ".join(versions[:-1]) + f" or {versions[-1]}",
        "、".join(versions[:-1]) + f" 或 {versions[-1]}",
    )
    for path, words in [("README.md", english), ("chapters/en/index.md", english)]:
        assert f"Python {words};" in (ROOT / path).read_text("utf-8"), path
    for path in ["README.zh.md", "chapters/zh/index.md"]:
        assert f"Python {chinese}；" in (ROOT / path).read_text("utf-8"), path
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["requires-python"].endswith(f"<3.{newest + 1}")
    assert f"Programming Language :: Python :: 3.{newest}" in project["classifiers"]
    assert f"for Python 3.{oldest} to 3.{newest} " in (ROOT / "requirements.lock").read_text("utf-8")
    assert {f"3.{oldest}", f"3.{newest}"} <= {".".join(python.split(".")[:2]) for python in PYTHONS}


@pytest.mark.parametrize("workflow", ["ci.yml", "newest.yml"])
def test_workflows_run_on_the_oldest_and_the_newest_python(workflow):
    jobs = yaml.safe_load((ROOT / ".github" / "workflows" / workflow).read_text("utf-8"))["jobs"]
    for job in jobs.values():
        assert job["strategy"]["matrix"]["python"] == [f"3.{OLDEST[1]}", f"3.{NEWEST[1]}"]
