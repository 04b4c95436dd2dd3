"""Kernels that are forked into boxes: nothing of the outside is left to them, and grading goes on without them."""

import json
import os
import time
from pathlib import Path

import psutil
import pytest
from submissions import scores, toy_notebook

from mlc_course.grading.sandbox import join_namespaces as enter
from mlc_course.grading.sandbox.bubblewrap import Box, Limits, Share, remove, variables
from mlc_course.grading.sandbox.temporary_folders import make_folder
from mlc_course.grading.workers.kernel_forker import KernelForker, NotForked


@pytest.fixture(scope="module")
def kernels():
    made = KernelForker()
    assert made.usable()
    yield made
    made.stop()


def said_in_a_box(kernels: KernelForker, expression: str, environment: dict[str, str] | None = None):
    """What an expression gives in a process that was forked into a box of its own."""
    folder = make_folder()
    try:
        box = Box(Limits(wall=60), Share(writable=(str(folder),)))
        box.own(folder)
        code = f"import json, os, sys\nsaid = {expression}\nopen({str(folder / 'said')!r}, 'w').write(json.dumps(said))"
        process = kernels.fork(box, [], {"arguments": ["x"], "environment": variables(environment or {}), "code": code})
        while process.poll() is None:
            time.sleep(0.01)
        return json.loads((folder / "said").read_text())
    finally:
        remove(folder)


def test_a_forked_process_is_nobody_and_has_the_environment_it_was_given(kernels, monkeypatch):
    monkeypatch.setenv("SECRET_OF_THE_INSTRUCTOR", "1")
    assert said_in_a_box(kernels, "[os.getuid(), os.getgid(), os.getcwd()]") == [65534, 65534, "/tmp/home/work"]
    assert said_in_a_box(kernels, "dict(os.environ)", {"MLC_LANG": "zh"}) == variables({"MLC_LANG": "zh"})
    assert "SECRET" not in said_in_a_box(kernels, "open('/proc/self/environ').read()")


def test_it_has_no_descriptor_and_no_process_of_the_outside(kernels):
    links = said_in_a_box(
        kernels, "[os.readlink(f'/proc/self/fd/{n}') for n in sorted(os.listdir('/proc/self/fd')) if int(n) < 3]"
    )
    assert links == ["/dev/null"] * 3
    # What lists the folder holds one more for that time.
    assert said_in_a_box(kernels, "sorted(map(int, os.listdir('/proc/self/fd')))") == [0, 1, 2, 3]
    assert len(said_in_a_box(kernels, "[p for p in os.listdir('/proc') if p.isdigit()]")) <= 4
    assert said_in_a_box(kernels, "os.path.exists('/etc/passwd')") is False


def test_its_program_is_a_copy_that_cannot_be_written_to(kernels):
    held = "(f := os.open('/proc/self/exe', os.O_RDONLY)) and os.readlink('/proc/self/exe')"
    assert said_in_a_box(kernels, held).startswith("/memfd:python")
    tried = "__import__('subprocess').run(['sh', '-c', 'echo x > /proc/self/fd/9'], pass_fds=[os.dup2(os.open('/proc/self/exe', 0), 9)]).returncode"
    assert said_in_a_box(kernels, tried) != 0


def test_two_forked_processes_share_nothing_and_draw_other_numbers(kernels):
    wrote = "[setattr(__import__('numpy'), 'left', 1), open('/tmp/left', 'w').write('x'), open('/dev/shm/left', 'w').write('x')][1]"
    assert said_in_a_box(kernels, wrote) == 1
    seen = "[hasattr(__import__('numpy'), 'left'), os.path.exists('/tmp/left'), os.path.exists('/dev/shm/left')]"
    assert said_in_a_box(kernels, seen) == [False, False, False]
    drawn = "[__import__('numpy').random.random(), __import__('random').random()]"
    assert all(a != b for a, b in zip(said_in_a_box(kernels, drawn), said_in_a_box(kernels, drawn), strict=True))


def test_a_process_that_has_not_given_up_its_rights_is_noticed():
    found = enter.problem_of(os.getpid(), Box().user)
    assert found is not None
    assert "NoNewPrivs 0" in found or "Seccomp 0" in found
    assert "processes of the machine in view" in found


def test_a_box_that_does_not_open_is_said(kernels):
    with pytest.raises(NotForked, match="a box cannot be entered"):
        kernels.fork(Box(), ["false"], {"arguments": [], "environment": {}})


def test_where_kernels_cannot_be_forked_they_are_started_and_graded_alike(toy_grader, grade, monkeypatch, caplog):
    kernels = KernelForker()
    monkeypatch.setattr(kernels, "_tried_limits", lambda: ["the limit of memory"])
    monkeypatch.setattr(toy_grader._ahead, "warm", kernels)
    try:
        assert scores(grade(toy_notebook({}, solved=True))) == {"axis": 2, "double": 4, "scale": 3, "split": 3}
    finally:
        kernels.stop()
    assert "kernels are started one by one, which takes longer: the limit of memory" in caplog.text


def test_a_process_that_forks_kernels_is_replaced_when_it_is_gone(toy_grader, grade):
    process = toy_grader._kernels._process
    if process is not None:
        psutil.Process(process.pid).kill()
        process.wait()
    assert scores(grade(toy_notebook({"double-answer": "double = lambda x: 2 * x"}, solved=True)))["double"] == 4
    assert not list(Path("/tmp").glob(f"mlc-box-{os.getpid()}-*"))
