"""The instructor's end of a sandboxed fork server, and of the jobs it does."""

import atexit
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

from mlc_course.grading.protocol.channel import Channel, ChannelClosed
from mlc_course.grading.sandbox.bubblewrap import Box, Limits, Share
from mlc_course.grading.sandbox.resource_watchdog import Watch

Role = Literal["judge", "run", "page"]
START_SECONDS = 180
GRACE_SECONDS = 30  # after a job's time is over
FORK_SERVER = ["-m", "mlc_course.grading.in_box.fork_server"]
_FOREVER = 24 * 3600


class ForkServerFailed(RuntimeError):
    """A boxed process does not start; the message holds what it said."""


@dataclass(frozen=True)
class JobLimits:
    """What one job may use: seconds of wall and CPU, bytes of address space."""

    wall: int = 120
    cpu: int = 120
    memory: int = 6 * 2**30


class ForkClient:
    """A boxed process that forks for each job; started again when it is gone.

    Args:
        role: ``judge`` loads the checks of ``stems`` and sees the exercise folders; ``run`` and ``page`` see neither.
        readable: host paths the role needs.
    """

    def __init__(self, role: Role, stems: tuple[str, ...] = (), readable: tuple[str, ...] = (), root: str = ""):
        self._role, self._stems, self._readable, self._root = role, stems, readable, root
        self._process: subprocess.Popen[bytes] | None = None
        self._watch: Watch | None = None
        self._control: socket.socket | None = None
        self._ready = False

    def start(self) -> None:
        """Start the process without waiting until it is ready."""
        if self._process is not None and self._process.poll() is None:
            return
        self.stop()
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        limits = Limits(wall=_FOREVER, cpu=_FOREVER, processes=64)
        box = Box(limits=limits, share=Share(readable=self._readable))
        arguments = [*FORK_SERVER, self._role, str(theirs.fileno()), *self._stems]
        environment = {"MLC_COURSE_ROOT": self._root} if self._root else {}
        self._process = subprocess.Popen(
            box.command([sys.executable, *arguments], environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            pass_fds=[theirs.fileno()],
            start_new_session=True,
        )
        theirs.close()
        atexit.register(self.stop)
        self._watch = Watch([self._process.pid], limits.resident)
        self._control, self._ready = ours, False

    def stop(self) -> None:
        """End the process and everything in its box."""
        atexit.unregister(self.stop)  # it would keep every client that was replaced
        if self._control is not None:
            self._control.close()
        if self._watch is not None:
            self._watch.stop()
        if self._process is not None:
            end_box(self._process)
            if self._process.stderr:
                self._process.stderr.close()
        self._process = self._control = None

    @contextmanager
    def job(self, limits: JobLimits | None = None) -> Iterator["Job"]:
        """A conversation with a fresh child; when it is over the child is gone, and with it all it started."""
        limits = limits or JobLimits()
        order = json.dumps({"wall": limits.wall, "cpu": limits.cpu, "memory": limits.memory}).encode()
        ours, theirs = socket.socketpair()
        try:
            socket.send_fds(self._wait_until_ready(), [order], [theirs.fileno()])
        except OSError:  # it ended since its last job
            self.stop()
            socket.send_fds(self._wait_until_ready(), [order], [theirs.fileno()])
        theirs.close()
        job = Job(Channel(ours))
        try:
            yield job
        finally:
            job.channel.close()
            job.ending = self._ending(limits.wall)

    def _wait_until_ready(self) -> socket.socket:
        self.start()
        control = self._control
        assert control is not None, "start sets it"
        if not self._ready:
            control.settimeout(START_SECONDS)
            try:
                said = control.recv(16)
            except OSError as error:
                said = str(error).encode()
            if said != b"ready":
                errors = self._errors()
                self.stop()
                raise ForkServerFailed(f"The boxed process ({self._role}) did not start: {errors or said!r}")
            self._ready = True
        return control

    def _errors(self) -> str:
        assert self._process is not None, "it was started"
        end_box(self._process)
        stream = self._process.stderr
        return stream.read()[-2000:].decode(errors="replace").strip() if stream else ""

    def _ending(self, wall: int) -> dict[str, Any]:
        """How the child ended; a process that does not say is replaced."""
        control = self._control
        assert control is not None, "a job was running"
        try:
            control.settimeout(wall + GRACE_SECONDS)
            return dict(json.loads(control.recv(4096)))
        except (OSError, ValueError):
            self.stop()
            return {"late": False, "signal": 9}


def end_box(process: "subprocess.Popen[bytes]") -> None:
    """Kill a command that was started with ``start_new_session``, with what it started: the box ends with its outside."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@dataclass
class Job:
    """One conversation; ``ending`` says afterwards whether the child was late or killed by a signal."""

    channel: Channel
    ending: dict[str, Any] | None = None


__all__ = ["ChannelClosed", "ForkClient", "ForkServerFailed", "Job", "JobLimits", "Role"]
