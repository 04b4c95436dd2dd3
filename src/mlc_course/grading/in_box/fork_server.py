"""Runs in a box: a process that has loaded TVM once and forks a child for each job.

    python -m mlc_course.grading.in_box.fork_server ROLE CONTROL_FD [STEM]

A job arrives on the control socket together with a socket of its own. The child has only the latter; when it
ends, is late or leaves anything running, everything else in the box is killed before the next job. The process
itself cannot be traced or read by its children.
"""

import contextlib
import ctypes
import gc
import json
import os
import resource
import signal
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from mlc_course.exercises.failures import failure_of
from mlc_course.grading.protocol.channel import Channel, failure_to_plain
from mlc_course.grading.sandbox.bubblewrap import HOME, remove
from mlc_course.grading.workers.import_blocker import import_blocked, uses_torch

_LIMITS = 16  # RLIM_NLIMITS
_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE = 1, 4
Handler = Callable[[Channel, Any], None]


def main(arguments: list[str]) -> None:
    """Load what the role needs, then serve jobs until the control socket closes."""
    role, descriptor, *stems = arguments
    gc.disable()  # nothing that is loaded now goes away again; looking for it takes a seventh of the time
    handler = _handler(role, stems)
    _prctl(_PR_SET_DUMPABLE, 0)
    control = socket.socket(fileno=int(descriptor))
    settings, files = _settings(), _files()
    gc.collect()
    gc.freeze()  # children do not touch, and so do not copy, what is there
    gc.enable()
    control.send(b"ready")
    while True:
        data, descriptors, _flags, _address = socket.recv_fds(control, 4096, 1)
        if not data:
            return
        status = _run_job(json.loads(data), descriptors[0], handler, control)
        _sweep(files)
        if _settings() != settings:
            sys.exit("a job changed what this process may use")  # a fresh one takes its place
        control.send(json.dumps(status).encode())


def _handler(role: str, stems: list[str]) -> Handler:
    if role == "judge":
        from mlc_course.grading.in_box import check_worker

        with contextlib.nullcontext() if any(map(uses_torch, stems)) else import_blocked("torch"):
            check_worker.load(stems)
        return check_worker.serve
    if role == "page":
        from mlc_course.grading.in_box import page_worker

        page_worker.load()
        return page_worker.serve
    from mlc_course.grading.in_box import run_worker

    with import_blocked("torch"):
        run_worker.load()
    return run_worker.serve


def _run_job(job: dict[str, Any], descriptor: int, handler: Handler, control: socket.socket) -> dict[str, Any]:
    """Fork and wait; says how the child ended."""
    child = os.fork()
    if child == 0:
        control.close()
        _work(job, descriptor, handler)
    os.close(descriptor)
    deadline = time.monotonic() + job["wall"]
    late = False
    while True:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            break
        if time.monotonic() > deadline and not late:
            late = True
            os.kill(child, signal.SIGKILL)
        time.sleep(0.002)
    code = os.waitstatus_to_exitcode(status)
    return {"late": late, "signal": -code if code < 0 else 0}


def _work(job: dict[str, Any], descriptor: int, handler: Handler) -> None:
    """The child: serve one conversation and leave without running anything of the parent's at exit."""
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    resource.setrlimit(resource.RLIMIT_CPU, (job["cpu"], job["cpu"] + 1))  # SIGXCPU tells it from a crash
    resource.setrlimit(resource.RLIMIT_AS, (job["memory"], job["memory"]))
    _write_nowhere()
    channel = Channel(socket.socket(fileno=descriptor))
    try:
        handler(channel, channel.receive())
    except BaseException as error:
        channel.send({"failure": failure_to_plain(failure_of(error))})
    finally:
        os._exit(0)


def _write_nowhere() -> None:
    """What a job prints is read by nobody: it would fill a pipe, and whoever prints after that would wait for ever."""
    nowhere = os.open("/dev/null", os.O_RDWR)
    for standard in (1, 2):
        os.dup2(nowhere, standard)
    os.close(nowhere)


def _settings() -> list[Any]:
    """What another process of the same user can change of this one."""
    limits = [resource.getrlimit(kind) for kind in range(_LIMITS)]
    return [limits, os.sched_getaffinity(0), os.getpriority(os.PRIO_PROCESS, 0), os.sched_getscheduler(0)]


def _sweep(kept: set[str]) -> None:
    """Kill every process of the box but its first and this one, until none is left; remove the files they left."""
    _kill_others({1, os.getpid()})
    for path in _files() - kept:
        remove(Path(path))


def _files() -> set[str]:
    """What lies in the folders that can be written to."""
    return {entry.path for place in ("/tmp", "/dev/shm", HOME, f"{HOME}/work") for entry in os.scandir(place)}


def _kill_others(keep: set[int]) -> None:
    for _ in range(100):
        others = [int(name) for name in os.listdir("/proc") if name.isdigit() and int(name) not in keep]
        if not others:
            return
        for pid in others:
            try:
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, os.WNOHANG)
            except (ProcessLookupError, ChildProcessError):
                continue
        time.sleep(0.005)
    sys.exit("processes that cannot be killed")


def _prctl(option: int, value: int) -> None:
    ctypes.CDLL(None, use_errno=True).prctl(option, value, 0, 0, 0)


if __name__ == "__main__":
    main(sys.argv[1:])
