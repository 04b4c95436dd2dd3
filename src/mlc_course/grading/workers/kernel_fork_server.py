"""Runs outside the boxes: a process that has loaded what students' kernels load, and forks each of them into its box.

    python -m mlc_course.grading.workers.kernel_fork_server PARENT CONTROL_FD [MODULE…]

No student's code ever runs in it. An order comes with the open namespaces of a box; a child enters the box, a child of
that one settles there and becomes a kernel. Nothing of one student reaches another: each has a copy of this process's
memory as it was before any student, and a box of its own.

The program is started from a sealed copy of the interpreter, because ``/proc/self/exe`` of a process in a box leads to
the file it was started from.
"""

import contextlib
import ctypes
import gc
import importlib
import json
import os
import signal
import socket
import struct
import sys
import types
from typing import Any

from mlc_course.grading.sandbox.join_namespaces import enter, settle
from mlc_course.grading.sandbox.namespace_holder import NAMESPACES
from mlc_course.grading.workers.import_blocker import import_blocked

MODULES = (
    *("ipykernel.kernelapp", "ipykernel.ipkernel", "ipykernel.comm", "IPython.core.completerlib"),
    *("IPython.core.debugger", "IPython.extensions.storemagic"),
    *("tornado.gen", "tornado.platform.asyncio", "tornado.queues", "numpy", "tvm"),
    *("tvm.relax", "tvm.s_tir", "tvm.te", "tvm.topi", "tvm.script", "tvm.script.tirx", "tvm.script.relax"),
    *("mlc_course.exercises.learner", "mlc_course.exercises.calls", "mlc_course.grading.in_box.endpoint"),
)

GO = b"!"  # what a settled process waits for
_SETTLED = b"settled"
_PR_SET_PDEATHSIG = 1


def main(arguments: list[str]) -> None:
    """Load everything, say so, then fork a kernel for each order until the control socket closes."""
    parent, descriptor, *modules = arguments
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != int(parent):
        return  # it has ended already
    gc.disable()  # as in ``in_box.fork_server``
    with import_blocked("debugpy"):  # nobody debugs a kernel that is being graded
        _load("ipykernel.debugger")
    with contextlib.nullcontext() if "torch" in modules else import_blocked("torch"):
        for name in (*modules, *MODULES):
            _load(name)
        _compile_once()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the children
    gc.collect()
    gc.freeze()
    gc.enable()
    control = socket.socket(fileno=int(descriptor))
    control.send(b"ready")
    while True:
        data, descriptors, _flags, _address = socket.recv_fds(control, 2**16, len(NAMESPACES) + 1)
        if not data:
            return
        if os.fork() == 0:
            control.close()
            _lead_in(json.loads(data), descriptors)
        for each in descriptors:
            os.close(each)


def _load(module: str) -> None:
    with contextlib.suppress(Exception):  # a kernel that needs it says what is wrong
        importlib.import_module(module)


def _compile_once() -> None:
    """Make the code generator and the parser of TVMScript ready before the first fork."""
    with contextlib.suppress(Exception):
        from mlc_course.grading.in_box import run_worker

        module = run_worker.load()
        importlib.import_module("tvm.script").from_source(module.script())


def _lead_in(order: dict[str, Any], descriptors: list[int]) -> None:
    """Enter the box, fork the kernel, and stay until it ends: the end of this process says so outside."""
    life = descriptors[len(NAMESPACES)]
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        enter(dict(zip(NAMESPACES, descriptors, strict=False)))
        ours, theirs = socket.socketpair()
        child = os.fork()
        if child == 0:
            _become(order, theirs)
        for each in (*descriptors[: len(NAMESPACES)], theirs.detach()):
            os.close(each)
        said = ours.recv(500)
        os.write(life, struct.pack(">I", child) if said == _SETTLED else said)
        ours.send(os.read(life, 1))  # whoever gave the order has looked at the process
        ours.close()
        os.waitpid(child, 0)
    except BaseException as error:
        with contextlib.suppress(OSError):
            os.write(life, repr(error).encode()[:500])
    finally:
        os._exit(0)


def _become(order: dict[str, Any], channel: socket.socket) -> None:
    """In the box: give up all rights and, once told to, run a kernel, or the code of a test of the box."""
    try:
        settle(order["limits"], kept=(channel.fileno(),))
        os.chdir(order["folder"])
    except BaseException as error:
        channel.send(repr(error).encode()[:500])
        os._exit(1)
    channel.send(_SETTLED)
    if channel.recv(1) != GO:
        os._exit(1)
    channel.close()
    status = 1
    try:
        _run(order)
        status = 0
    except SystemExit as ended:
        status = ended.code if isinstance(ended.code, int) else 1
    finally:
        os._exit(status)


def _run(order: dict[str, Any]) -> None:
    os.environ.clear()
    os.environ.update(order["environment"])
    sys.argv = order["arguments"]
    sys.modules["__main__"] = types.ModuleType("__main__")
    _forget_chance()
    if "code" in order:
        exec(order["code"], {"__name__": "__main__"})
    else:
        from ipykernel import kernelapp

        kernelapp.launch_new_instance()


def _forget_chance() -> None:
    """NumPy's global random state is not the same in every kernel; Python's own is renewed by the fork."""
    import numpy as np

    np.random.seed()


if __name__ == "__main__":
    main(sys.argv[1:])
