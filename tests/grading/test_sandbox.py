"""The box holds or nothing is graded: what is tried at start, and what is said when something is missing."""

import contextlib
import errno
import os
import shutil
import signal
import subprocess
import sys
import time
import weakref
from pathlib import Path

import pytest
from submissions import toy_notebook

from mlc_course.grading.judging import grader
from mlc_course.grading.sandbox import bubblewrap as box
from mlc_course.grading.sandbox import probe as sandbox
from mlc_course.grading.sandbox import seccomp
from mlc_course.grading.sandbox.bubblewrap import Box, Limits
from mlc_course.grading.workers.fork_client import ChannelClosed, ForkClient, ForkServerFailed, JobLimits
from mlc_course.grading.workers.kernel_forker import KernelForker


@pytest.fixture
def programs(monkeypatch, tmp_path) -> Path:
    """A folder that is all of PATH: what boxes are made with, but bubblewrap."""
    for name in ("prlimit", "timeout", "setpriv", "sh"):
        (tmp_path / name).symlink_to(str(shutil.which(name)))
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def run_boxed(code: str, limits: Limits | None = None) -> subprocess.CompletedProcess[str]:
    boxed = Box(limits=limits or Limits())
    return subprocess.run(boxed.command([sys.executable, "-I", "-S", "-c", code]), capture_output=True, text=True)


def test_this_machine_makes_a_box_that_holds():
    assert sandbox.sandbox_problem() is None


def test_a_missing_program_is_named_with_its_package(programs):
    with pytest.raises(sandbox.NoSandbox, match=r"install bubblewrap .*apt-get install bubblewrap"):
        sandbox.require_box()


def test_blocked_namespaces_are_explained(programs):
    (programs / "bwrap").write_text(f"#!{programs}/sh\necho denied >&2; exit 1\n")
    (programs / "bwrap").chmod(0o755)
    with pytest.raises(sandbox.NoSandbox, match=r"denied.*apparmor_restrict_unprivileged_userns=0.*seccomp=unconfined"):
        sandbox.require_box()


def test_the_probe_notices_a_box_without_limits(monkeypatch):
    monkeypatch.setattr("mlc_course.grading.sandbox.bubblewrap._limit_options", lambda limits: ["--core=0"])
    problem = sandbox.sandbox_problem()
    assert problem is not None
    assert "the limit of processes" in problem
    assert "the limit of file size" in problem


def test_other_systems_are_told_to_use_linux(monkeypatch):
    monkeypatch.setattr(sandbox.sys, "platform", "darwin")
    assert "needs Linux" in str(sandbox.sandbox_problem())


def test_without_a_box_there_is_no_grader(programs):
    with pytest.raises(sandbox.NoSandbox, match=r"Submissions are not graded on this machine.*Nothing was run"):
        grader.Grader("introduction")


def test_a_box_sees_no_file_of_the_instructor_and_no_process_of_the_machine():
    shown = run_boxed(
        "import os; print(os.path.exists('/etc/passwd'), os.environ.get('PWD'), len(os.listdir('/proc/1/fd')) > 0)"
    )
    assert shown.stdout.split()[0] == "False", shown.stderr
    assert run_boxed("import os; print(sorted(p for p in os.listdir('/proc') if p.isdigit()))").stdout.count(",") <= 3


@pytest.mark.timed
def test_a_box_ends_at_its_time():
    start = time.monotonic()
    ended = run_boxed("import time; time.sleep(600)", Limits(wall=2))
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    assert 2 <= time.monotonic() - start < 60


@pytest.fixture
def runner():
    warm = ForkClient("run")
    yield warm
    warm.stop()


def test_a_warm_process_that_is_gone_is_started_again(runner):
    def served() -> bool:
        with runner.job(JobLimits(wall=60)) as job:
            job.channel.send({"text": None})
            try:
                return "failure" in job.channel.receive(60)
            except ChannelClosed:
                return True

    assert served()
    assert runner._process is not None
    runner._process.kill()
    runner._process.wait()
    assert served()


@pytest.mark.parametrize("make", [lambda: ForkClient("run"), KernelForker], ids=["jobs", "kernels"])
def test_what_was_stopped_is_not_kept_until_the_end(make):
    client = make()
    for _time in range(2):
        client.start()
        client.stop()
    gone = weakref.ref(client)
    del client
    assert gone() is None


def test_a_process_that_cannot_start_says_why():
    warm = ForkClient("judge", ("no_such_set",))
    with pytest.raises(ForkServerFailed, match="did not start"), warm.job():
        pass


def test_calls_that_take_memory_nobody_counts_are_closed():
    shown = run_boxed(
        "import ctypes, os\nlibc = ctypes.CDLL(None, use_errno=True)\n"
        "print(libc.shmget(0, 4096, 0o1600), ctypes.get_errno())\nos.memfd_create('x')"
    )
    assert shown.stdout.split() == ["-1", str(errno.ENOSYS)]
    assert "Function not implemented" in shown.stderr


def test_the_closed_calls_are_tried_before_anything_is_graded(monkeypatch, tmp_path):
    script = Path(seccomp.__file__).read_text("utf-8").replace('"memfd_create": (319, 279)', '"setns2": (308, 268)')
    (tmp_path / "seccomp.py").write_text(script)
    tmp_path.chmod(0o755)
    paths = box.python_paths()
    monkeypatch.setattr(box, "python_paths", lambda: (*paths, str(tmp_path)))
    monkeypatch.setattr(box, "SECCOMP", tmp_path / "seccomp.py")
    assert "closed system calls" in str(sandbox.sandbox_problem())


def test_other_processors_are_told_so(monkeypatch):
    monkeypatch.setattr(seccomp.platform, "machine", lambda: "riscv64")
    assert "this one is riscv64" in str(sandbox.sandbox_problem())


def ask(warm: ForkClient, text: str) -> dict:
    with warm.job(JobLimits(wall=60)) as job:
        job.channel.send({"text": text})
        return job.channel.receive(60)


@pytest.fixture
def obedient(tmp_path, monkeypatch):
    """A warm process whose jobs run what they are sent, as a job that was taken over would."""
    monkeypatch.setattr(
        "mlc_course.grading.workers.fork_client.FORK_SERVER",
        ["-c", "import sys; from mlc_course.grading.in_box import fork_server\n"
               "def serve(channel, message): channel.send({'said': str(eval(message['text']))})\n"
               "fork_server._handler = lambda role, stems: serve; fork_server.main(sys.argv[1:])"],
    )  # fmt: skip
    warm = ForkClient("run")
    yield warm
    warm.stop()


def test_a_job_leaves_no_file_and_no_process_to_the_next(obedient):
    deep = "__import__('subprocess').run('cd /tmp; for i in $(seq 1500); do mkdir d; cd d; done; chmod 0 /tmp/d', shell=True)"
    # The course's own folder may lie below /tmp; then the box shows it there.
    seen = "[sorted(__import__('os').listdir(p)) for p in ('/tmp', '/dev/shm', '/tmp/home', '/tmp/home/work')]"
    before = ask(obedient, seen)
    ask(obedient, deep)
    ask(obedient, "[open(p + '/left', 'w').write('x') for p in ('/tmp', '/dev/shm', '/tmp/home', '/tmp/home/work')]")
    ask(obedient, "__import__('subprocess').Popen(['sleep', '600'], start_new_session=True)")
    assert ask(obedient, seen) == before
    assert "left" not in before["said"]
    processes = "len([p for p in __import__('os').listdir('/proc') if p.isdigit()])"
    assert ask(obedient, processes) == {"said": "3"}


@pytest.mark.parametrize(
    "change",
    [
        "__import__('resource').prlimit(__import__('os').getppid(), 7, (20, 20))",
        "__import__('resource').prlimit(__import__('os').getppid(), 6, (1, 1))",
        "__import__('os').setpriority(0, __import__('os').getppid(), 19)",
        "__import__('os').sched_setaffinity(__import__('os').getppid(), {0})",
        "__import__('os').kill(__import__('os').getppid(), 9)",
    ],
)
def test_a_job_that_changes_the_process_it_came_from_harms_only_itself(obedient, change):
    with contextlib.suppress(ChannelClosed):
        ask(obedient, change)
    assert ask(obedient, "1 + 1") == {"said": "2"}
    own = str(os.getpriority(os.PRIO_PROCESS, 0))
    assert ask(obedient, "__import__('os').getpriority(0, 0)") == {"said": own}


@pytest.mark.parametrize("stream", [1, 2])
def test_what_jobs_print_never_makes_another_job_wait(obedient, stream):
    for _ in range(2):
        assert ask(obedient, f"__import__('os').write({stream}, b'x' * 2**20)") == {"said": str(2**20)}


def test_a_stopped_process_is_replaced(obedient, monkeypatch):
    monkeypatch.setattr("mlc_course.grading.workers.fork_client.GRACE_SECONDS", 1)
    stop = "__import__('os').kill(__import__('os').getppid(), 19) or __import__('time').sleep(9)"
    with obedient.job(JobLimits(wall=1)) as job:
        job.channel.send({"text": stop})
        with pytest.raises(ChannelClosed):
            job.channel.receive(1)
    assert ask(obedient, "2 + 2") == {"said": "4"}


def test_what_a_kernel_writes_past_jupyter_does_not_reach_the_terminal(capfd, grade):
    answers = {"axis-answer": "import sys, os\nos.write(sys.stdout._original_stdstream_copy, b'FORGED')"}
    notebook = toy_notebook(answers, solved=False)
    del notebook.cells[8:]
    grade(notebook)
    assert "FORGED" not in "".join(capfd.readouterr())
