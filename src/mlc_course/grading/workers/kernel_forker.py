"""The instructor's end of the process that forks students' kernels into their boxes (``kernel_fork_server``)."""

import atexit
import contextlib
import fcntl
import json
import logging
import os
import signal
import socket
import struct
import subprocess
import sys
import time
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from mlc_course.grading.sandbox import namespace_holder
from mlc_course.grading.sandbox.bubblewrap import HOME, Box, Limits, Share, remove, variables
from mlc_course.grading.sandbox.join_namespaces import problem_of
from mlc_course.grading.sandbox.probe import PROBE, PROBE_LIMITS
from mlc_course.grading.sandbox.temporary_folders import make_folder
from mlc_course.grading.workers.kernel_fork_server import GO

START_SECONDS = 180
BOX_SECONDS = 60
_SEALS = fcntl.F_SEAL_SEAL | fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_WRITE
_log = logging.getLogger(__name__)


class NotForked(RuntimeError):
    """A kernel could not be forked into a box; the message says why."""


class ForkedKernel(subprocess.Popen[bytes]):
    """The command that keeps a box open, with the kernel that was forked into it: one ends with the other.

    Attributes:
        kernel: the kernel's number outside the box.
    """

    kernel: int
    life: socket.socket
    gate: socket.socket

    def poll(self) -> int | None:
        if self.returncode is None and self._has_ended():
            self.close()
        return super().poll()

    def close(self) -> None:
        """End the box and everything in it."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        super().wait()
        self.life.close()
        self.gate.close()

    def _has_ended(self) -> bool:
        try:
            return self.life.recv(64) == b""
        except BlockingIOError:
            return False
        except OSError:
            return True


@dataclass
class KernelForker:
    """Starts kernels by forking a process that has loaded everything already.

    Args:
        modules: what the exercise set's notebooks load besides.
    """

    modules: tuple[str, ...] = ()
    _process: subprocess.Popen[bytes] | None = field(default=None, repr=False)
    _control: socket.socket | None = field(default=None, repr=False)
    _holds: bool | None = field(default=None, repr=False)

    def start(self) -> None:
        """Start the process without waiting until it is ready."""
        self.stop()
        atexit.register(self.stop)
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        interpreter = _sealed_copy(sys.executable)
        command = [
            sys.executable,
            "-m",
            "mlc_course.grading.workers.kernel_fork_server",
            str(os.getpid()),
            str(theirs.fileno()),
        ]
        try:
            self._process = subprocess.Popen(
                [*command, *self.modules],
                executable=f"/proc/self/fd/{interpreter}",
                env=variables({"HOME": "/nonexistent"}),
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=[theirs.fileno(), interpreter],
                start_new_session=True,
            )
        finally:
            os.close(interpreter)
            theirs.close()
        self._control = ours

    def stop(self) -> None:
        """End the process; kernels that run go with it."""
        atexit.unregister(self.stop)  # it would keep every forker that was replaced
        if self._control is not None:
            self._control.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._process = self._control = self._holds = None

    def usable(self) -> bool:
        """Whether kernels can be forked on this machine into boxes that hold; found out once.

        Where not, kernels are started in boxes by ``exec``: slower, and as well contained.
        """
        if self._process is not None and self._process.poll() is not None:
            self._holds = None  # it has ended; another takes its place
        if self._holds is None:
            try:
                self._wait_until_ready()
                broken = self._tried_limits()
            except (OSError, NotForked, ValueError) as error:
                broken = [str(error)]
            self._holds = not broken
            if broken:
                _log.warning("kernels are started one by one, which takes longer: %s", "; ".join(broken))
        return self._holds

    def fork(self, box: Box, before: list[str], order: dict[str, Any]) -> ForkedKernel:
        """Open a box and fork a process into it.

        Args:
            before: a command that prepares the box and becomes the command given as its further arguments.
            order: ``arguments`` and ``environment`` of the kernel; or ``code`` to run instead.

        Raises:
            NotForked: the box did not open, or could not be entered.
        """
        ours, theirs = socket.socketpair()
        gate_command = [sys.executable, "-I", "-S", namespace_holder.__file__, str(theirs.fileno())]
        process = ForkedKernel(
            box.command([*before, *gate_command]),
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            start_new_session=True,
        )
        theirs.close()
        process.gate = ours
        process.life, lent = socket.socketpair()
        try:
            namespaces = _opened(ours)
            limits = {**asdict(box.limits)}
            message = {"limits": limits, "folder": f"{HOME}/work", **order}
            assert self._control is not None, "usable() has started it"
            socket.send_fds(self._control, [json.dumps(message).encode()], [*namespaces, lent.fileno()])
            for namespace in namespaces:
                os.close(namespace)
            lent.close()
            process.life.settimeout(BOX_SECONDS)
            said = process.life.recv(512)
            if len(said) != 4:
                raise NotForked(said.decode(errors="replace") or "it ended at once")
            (process.kernel,) = struct.unpack(">I", said)
            problem = problem_of(process.kernel, box.user)
            if problem:
                raise NotForked(f"it has kept what it should not: {problem}")
            process.life.send(GO)
            process.life.setblocking(False)
        except (OSError, NotForked) as error:
            process.close()
            raise NotForked(f"a box cannot be entered: {error}") from error
        return process

    def _wait_until_ready(self) -> None:
        if self._process is None or self._process.poll() is not None:
            self.start()
        assert self._control is not None, "start sets it"
        self._control.settimeout(START_SECONDS)
        if self._control.recv(16) != b"ready":
            raise NotForked("the process that forks kernels did not start")

    def _tried_limits(self) -> list[str]:
        """Which limits do not hold for a process that entered a box; the question ``sandbox_problem`` asks of one in it."""
        folder = make_folder()
        try:
            box = Box(limits=replace(PROBE_LIMITS, memory=Limits().memory), share=Share(writable=(str(folder),)))
            box.own(folder)
            code = f"import contextlib\nwith contextlib.redirect_stdout(open({str(folder / 'said')!r}, 'w')):\n    exec({PROBE!r})"
            process = self.fork(box, [], {"arguments": ["probe"], "environment": variables({}), "code": code})
            deadline = time.monotonic() + PROBE_LIMITS.wall
            while process.poll() is None and time.monotonic() < deadline:
                time.sleep(0.01)
            process.close()
            return list(json.loads((folder / "said").read_text()))
        finally:
            remove(folder)


def _opened(connection: socket.socket) -> list[int]:
    """The namespaces of a box, once it stands open."""
    connection.settimeout(BOX_SECONDS)
    said, namespaces, _flags, _address = socket.recv_fds(connection, 16, len(namespace_holder.NAMESPACES))
    if said != b"open" or len(namespaces) != len(namespace_holder.NAMESPACES):
        raise NotForked("it did not open")
    return namespaces


def _sealed_copy(program: str) -> int:
    """An open copy of a program that nothing can change: a process in a box can reach the file it was started from."""
    descriptor = os.memfd_create("python", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    with open(descriptor, "wb", closefd=False) as copy:
        copy.write(Path(program).resolve().read_bytes())
    fcntl.fcntl(descriptor, fcntl.F_ADD_SEALS, _SEALS)
    return descriptor
