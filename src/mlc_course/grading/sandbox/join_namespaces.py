"""Enter a box from outside, and become what bubblewrap would have made: no rights, hard limits, closed system calls.

``enter`` joins the namespaces of a box that stands open (``namespace_holder``); the process ``settle`` is called in is a child of
that one, because a process's own number space never changes. After ``settle`` there is no way back: the process has
no capability, no descriptor and no folder of the outside.
"""

import ctypes
import fcntl
import os
import resource
import signal
from collections.abc import Mapping, Sequence

from mlc_course.grading.sandbox import seccomp

NOBODY = 65534
_OWNER_OF = 0xB701  # NS_GET_USERNS of linux/nsfs.h
_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_CAPBSET_DROP, _PR_CAP_AMBIENT, _CLEAR_ALL = 1, 4, 24, 47, 4
_CAPABILITY_VERSION_3 = 0x20080522
_LIMITS = {
    "memory": resource.RLIMIT_AS,
    "cpu": resource.RLIMIT_CPU,
    "processes": resource.RLIMIT_NPROC,
    "file": resource.RLIMIT_FSIZE,
    "open_files": resource.RLIMIT_NOFILE,
}

_libc = ctypes.CDLL(None, use_errno=True)


def enter(namespaces: Mapping[str, int]) -> None:
    """Join a box's namespaces; children of this process are in the box.

    Args:
        namespaces: open files of them, by name.

    Raises:
        OSError: the kernel does not allow it.
    """
    if os.geteuid() == 0:
        os.setgroups([])
    # bubblewrap mounts in a first user namespace and hands the box over in one below it.
    owner = fcntl.ioctl(namespaces["mnt"], _OWNER_OF)
    _join(owner)
    for name, namespace in namespaces.items():
        if name != "user":
            _join(namespace)
    if os.fstat(owner).st_ino != os.fstat(namespaces["user"]).st_ino:
        _join(namespaces["user"])
    os.close(owner)


def settle(limits: Mapping[str, int], kept: Sequence[int] = ()) -> None:
    """Give up everything a process in a box has not.

    Args:
        limits: ``box.Limits`` by name.
        kept: descriptors that stay open.

    Raises:
        OSError: something could not be given up; the process must not go on.
    """
    os.setsid()
    _close_all(kept)
    # Always: a user the box has no number for, root too, is shown as nobody here.
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)
    for name, kind in _LIMITS.items():
        resource.setrlimit(kind, (limits[name], limits[name]))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _drop_capabilities()
    _control(_PR_SET_DUMPABLE, 1)  # as after an exec: whoever watches the box can look at it
    _control(_PR_SET_PDEATHSIG, signal.SIGKILL)
    seccomp.close_calls()


def problem_of(process: int, user: int) -> str | None:
    """What a process that settled has not given up, as seen from outside, where users have their own numbers.

    Args:
        user: who owns the box.
    """
    with open(f"/proc/{process}/status") as file:
        lines = {name: content.split() for name, content in (line.split(":", 1) for line in file)}
    wanted = {"CapPrm": ["0" * 16], "CapEff": ["0" * 16], "CapBnd": ["0" * 16], "NoNewPrivs": ["1"], "Seccomp": ["2"]}
    wanted |= {"Uid": [str(user)] * 4} | ({"Gid": [str(user)] * 4, "Groups": []} if os.geteuid() == 0 else {})
    wrong = [f"{name} {' '.join(lines[name])}" for name, content in wanted.items() if lines[name] != content]
    if os.readlink(f"/proc/{process}/ns/pid") == os.readlink("/proc/self/ns/pid"):
        wrong.append("processes of the machine in view")
    return ", ".join(wrong) or None


def _join(namespace: int) -> None:
    if _libc.setns(namespace, 0):
        raise _last_error()


def _close_all(kept: Sequence[int]) -> None:
    """Close every descriptor but those; standard input and output lead nowhere."""
    nowhere = os.open("/dev/null", os.O_RDWR)  # the box's own
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)
    start = 3
    for descriptor in sorted(kept):
        os.closerange(start, descriptor)
        start = descriptor + 1
    os.closerange(start, 2**16)


def _drop_capabilities() -> None:
    _control(_PR_CAP_AMBIENT, _CLEAR_ALL)
    for number in range(64):
        if _libc.prctl(_PR_CAPBSET_DROP, number, 0, 0, 0):
            break  # the last one the kernel knows is behind us
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    if _libc.capset(header, (ctypes.c_uint32 * 6)()):
        raise _last_error()


def _control(option: int, value: int) -> None:
    if _libc.prctl(option, value, 0, 0, 0):
        raise _last_error()


def _last_error() -> OSError:
    number = ctypes.get_errno()
    return OSError(number, os.strerror(number))
