"""``make setup`` takes PyTorch's CPU build on Linux, from an index served here; nothing outside is asked."""

import os
import platform
import re
import shutil
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import package_index
import pytest

from mlc_course import bootstrap

PYTHON = f"cp{sys.version_info[0]}{sys.version_info[1]}"
CPU_TAG = f"{PYTHON}-{PYTHON}-manylinux_2_17_{platform.machine()}"
CPU_WHEEL = f"torch-9.0.1+cpu-{CPU_TAG}.whl"
PLAIN_WHEEL = "torch-9.0.1-py3-none-any.whl"
# A build backend that needs no package: setuptools would take seconds in each test.
BACKEND = """
import zipfile
def build_editable(folder, *_):
    name = "toy-1-py3-none-any.whl"
    with zipfile.ZipFile(f"{folder}/{name}", "w") as wheel:
        wheel.writestr("toy-1.dist-info/METADATA", "Metadata-Version: 2.1\\nName: toy\\nVersion: 1\\n")
        wheel.writestr("toy-1.dist-info/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr("toy-1.dist-info/RECORD", "")
    return name
"""

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the plain package is the CPU build")


class Setup(NamedTuple):
    """A course of two pins, the indexes it installs from, and the command."""

    root: Path
    venv: Path
    cpu: package_index.PackageIndex
    plain: package_index.PackageIndex

    def run(self, **settings: str) -> subprocess.CompletedProcess[str]:
        keep = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "MLC_"))}
        alone = {"PIP_CONFIG_FILE": os.devnull, "PIP_INDEX_URL": self.plain.url, "XDG_CONFIG_DIRS": "/nowhere"}
        alone |= {"PIP_CACHE_DIR": str(self.root / "cache"), "HOME": str(self.root), "PIP_RETRIES": "0"}
        alone |= {"MLC_TORCH_INDEX": self.cpu.url, "no_proxy": "*"}
        script = self.root / "src" / "mlc_course" / "bootstrap.py"
        command = [sys.executable, str(script), "venv", str(self.venv)]
        return subprocess.run(command, env={**keep, **alone, **settings}, capture_output=True, text=True)

    def version(self, package: str) -> str:
        code = f"from importlib.metadata import version; print(version({package!r}))"
        return subprocess.run([self.venv / "bin" / "python", "-c", code], capture_output=True, text=True).stdout.strip()


@pytest.fixture(scope="module")
def empty_venv(tmp_path_factory):
    venv = tmp_path_factory.mktemp("empty") / "venv"
    # Not venv, whose way of installing pip takes most of a test's time.
    subprocess.run([sys.executable, "-m", "virtualenv", "-q", "--no-download", venv], check=True)
    subprocess.run([venv / "bin" / "python", "-m", "pip", "list"], check=True, stdout=subprocess.DEVNULL)
    return venv


@pytest.fixture
def course(tmp_path, empty_venv):
    """A course with an environment of its own, and indexes that have what it pins."""
    root = tmp_path / "course"
    (root / "src" / "mlc_course").mkdir(parents=True)
    shutil.copy(bootstrap.__file__, root / "src" / "mlc_course" / "bootstrap.py")
    (root / "requirements.lock").write_text("# pins\nother==1.0\ntorch==9.0.1\n")
    build = '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
    (root / "pyproject.toml").write_text(build + '[project]\nname = "toy"\nversion = "1"\n')
    (root / "backend.py").write_text(BACKEND)
    (tmp_path / "wheels").mkdir()
    cpu = package_index.make_wheel(tmp_path / "wheels", "torch", "9.0.1+cpu", CPU_TAG, size=3_000_000)
    plain = package_index.make_wheel(tmp_path / "wheels", "torch", "9.0.1")
    other = package_index.make_wheel(tmp_path / "wheels", "other", "1.0")
    venv = tmp_path / "venv"
    # A copied environment runs with the original's packages unless its scripts are called by their path.
    shutil.copytree(empty_venv, venv, symlinks=True)
    with ExitStack() as open_indexes:
        indexes = [open_indexes.enter_context(package_index.served(*own)) for own in [[cpu], [plain, other]]]
        yield Setup(root, venv, *indexes)


def test_on_linux_the_cpu_build_is_installed_and_what_is_fetched_and_used_is_shown(course):
    done = course.run()
    assert done.returncode == 0, done.stderr
    assert (course.version("torch"), course.version("other")) == ("9.0.1+cpu", "1.0")
    assert PLAIN_WHEEL not in course.plain.fetched()
    assert (course.venv / ".mlc-installed").exists()
    shown = done.stdout.splitlines()
    assert f"  Downloading {CPU_WHEEL} (3.0 MB)" in shown
    assert re.fullmatch(r"Ready in 0 min \d+ s: 0\.\d GB in \S+, 3 MB downloaded .*", shown[-1])


def test_a_download_that_breaks_off_goes_on_where_it_was(course):
    course.cpu.breaks.add(CPU_WHEEL)
    done = course.run()
    assert done.returncode == 0, done.stderr
    assert course.version("torch") == "9.0.1+cpu"
    ranges = [wanted for path, wanted in course.cpu.requests if path.endswith(".whl")]
    assert ranges[0] is None
    assert re.fullmatch(r"bytes=[1-9]\d+-", ranges[1])


def test_a_second_run_goes_on_with_what_the_first_one_got(course):
    other = course.plain.wheels.pop("other-1.0-py3-none-any.whl")
    failed = course.run()
    assert failed.returncode == 1
    assert "run make again: it goes on with what it has" in failed.stderr
    assert not (course.venv / ".mlc-installed").exists()
    course.plain.wheels[other.name] = other
    assert course.run().returncode == 0
    assert course.cpu.fetched() == [CPU_WHEEL]


@pytest.mark.parametrize("index", ["http://127.0.0.1:9/whl/cpu", "no address"])
def test_without_the_index_of_cpu_builds_the_plain_package_is_taken_and_that_is_said(course, index):
    done = course.run(MLC_TORCH_INDEX=index)
    assert done.returncode == 0, done.stderr
    assert course.version("torch") == "9.0.1"
    assert f"*** PyTorch's CPU build is not to be had from {index}: it cannot be reached" in done.stdout
    assert "CUDA libraries of several GB" in done.stdout


def test_an_index_without_a_build_for_this_python_is_the_same_as_none(course):
    course.cpu.wheels = {CPU_WHEEL.replace(PYTHON, "cp27"): course.cpu.wheels[CPU_WHEEL]}
    done = course.run()
    assert done.returncode == 0, done.stderr
    assert course.version("torch") == "9.0.1"
    assert "it has no torch 9.0.1 for Python" in done.stdout


def test_the_setting_takes_the_default_build_which_then_stays(course):
    done = course.run(MLC_TORCH="default")
    assert course.run().returncode == 0
    assert done.returncode == 0, done.stderr
    assert course.version("torch") == "9.0.1"
    assert course.cpu.requests == []


def test_an_unknown_setting_stops_before_anything_is_made(course):
    shutil.rmtree(course.venv)
    done = course.run(MLC_TORCH="cuda")
    assert done.returncode == 1
    assert 'MLC_TORCH: got "cuda", allowed "cpu" and "default"' in done.stderr
    assert not course.venv.exists()
