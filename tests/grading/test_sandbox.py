"""The box holds or nothing is graded: what is tried at start, and what is said when something is missing."""

import subprocess
import sys
import time

import pytest

from mlc_course.grading import grader, sandbox
from mlc_course.grading.box import Box, Limits
from mlc_course.grading.warm import JobLimits, Silence, Warm, WarmFailed


@pytest.fixture
def untried():
    """Forget that the sandbox was found good."""
    sandbox.require_box.cache_clear()
    yield
    sandbox.require_box.cache_clear()


def run_boxed(code: str, limits: Limits | None = None) -> subprocess.CompletedProcess[str]:
    box = Box(limits=limits or Limits())
    return subprocess.run(box.command([sys.executable, "-I", "-S", "-c", code]), capture_output=True, text=True)


def test_this_machine_makes_a_box_that_holds():
    assert sandbox.sandbox_problem() is None


def test_a_missing_program_is_named_with_its_package(monkeypatch, untried):
    monkeypatch.setattr(sandbox.shutil, "which", lambda name: None if name == "bwrap" else name)
    with pytest.raises(sandbox.NoSandbox, match=r"install bubblewrap .*apt-get install bubblewrap"):
        sandbox.require_box()


def test_blocked_namespaces_are_explained(monkeypatch, untried):
    monkeypatch.setattr(Box, "command", lambda self, command, environment=None: ["sh", "-c", "echo denied >&2; exit 1"])
    with pytest.raises(sandbox.NoSandbox, match=r"denied.*apparmor_restrict_unprivileged_userns=0.*seccomp=unconfined"):
        sandbox.require_box()


def test_the_probe_notices_a_box_without_limits(monkeypatch):
    monkeypatch.setattr("mlc_course.grading.box._limit_options", lambda limits: ["--core=0"])
    problem = sandbox.sandbox_problem()
    assert problem is not None
    assert "the limit of processes" in problem
    assert "the limit of file size" in problem


def test_other_systems_are_told_to_use_linux(monkeypatch):
    monkeypatch.setattr(sandbox.sys, "platform", "darwin")
    assert "needs Linux" in str(sandbox.sandbox_problem())


def test_without_a_box_there_is_no_grader(monkeypatch, untried):
    monkeypatch.setattr(sandbox.shutil, "which", lambda name: None)
    with pytest.raises(sandbox.NoSandbox, match=r"Submissions are not graded on this machine.*Nothing was run"):
        grader.Grader("introduction")


def test_a_box_sees_no_file_of_the_instructor_and_no_process_of_the_machine():
    shown = run_boxed(
        "import os; print(os.path.exists('/etc/passwd'), os.environ.get('PWD'), len(os.listdir('/proc/1/fd')) > 0)"
    )
    assert shown.stdout.split()[0] == "False", shown.stderr
    assert run_boxed("import os; print(sorted(p for p in os.listdir('/proc') if p.isdigit()))").stdout.count(",") <= 3


def test_a_box_ends_at_its_time():
    start = time.monotonic()
    assert run_boxed("import time; time.sleep(600)", Limits(wall=2)).returncode != 0
    assert time.monotonic() - start < 60


@pytest.fixture
def runner():
    warm = Warm("run")
    yield warm
    warm.stop()


def test_a_warm_process_that_is_gone_is_started_again(runner):
    def served() -> bool:
        with runner.job(JobLimits(wall=60)) as job:
            job.talk.send({"text": None})
            try:
                return "failure" in job.talk.receive(60)
            except Silence:
                return True

    assert served()
    assert runner._process is not None
    runner._process.kill()
    runner._process.wait()
    assert served()


def test_a_process_that_cannot_start_says_why():
    warm = Warm("judge", ("no_such_set",))
    with pytest.raises(WarmFailed, match="did not start"), warm.job():
        pass
