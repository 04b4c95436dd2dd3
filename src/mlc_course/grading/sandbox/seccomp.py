"""Runs first in every box: closes system calls that take memory nobody counts, or that reach into other processes.

    python -I -S seccomp.py COMMAND…

Memory in ``memfd_create`` files and System V segments belongs to no process, so no limit and no watch sees it.
The filter stays with the command and everything it starts; a closed call fails as one the kernel does not have.
Standard library only: the box runs this file by its path.
"""

import ctypes
import errno
import os
import platform
import struct
import sys

# Names and numbers on (x86_64, aarch64).
CLOSED = {
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    "shmget": (29, 194),
    "msgget": (68, 186),
    "semget": (64, 190),
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "pidfd_getfd": (438, 438),
    "perf_event_open": (298, 241),
    "bpf": (321, 280),
    "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "setns": (308, 268),
    "unshare": (272, 97),
    "mount": (165, 40),
}
_MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}  # column above, AUDIT_ARCH of linux/audit.h
_OTHER_ABI = 0x40000000  # x32 calls on x86_64: another numbering, which nothing here uses

# linux/bpf_common.h and linux/seccomp.h
_LOAD, _JUMP_EQUAL, _JUMP_AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _FAIL, _KILL = 0x7FFF0000, 0x00050000 | errno.ENOSYS, 0x80000000
_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _SECCOMP_MODE_FILTER = 38, 22, 2


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def known_machine() -> bool:
    """Whether the numbers of system calls of this processor are known."""
    return platform.machine() in _MACHINES


def program() -> bytes:
    """The filter for this processor, as instructions of the kernel's packet filter."""
    column, architecture = _MACHINES[platform.machine()]
    numbers = [row[column] for row in CLOSED.values()]
    steps = [(_LOAD, 0, 0, 4), (_JUMP_EQUAL, 1, 0, architecture), (_RETURN, 0, 0, _KILL), (_LOAD, 0, 0, 0)]
    steps.append((_JUMP_AT_LEAST, len(numbers) + 1, 0, _OTHER_ABI))
    steps += [(_JUMP_EQUAL, len(numbers) - n, 0, number) for n, number in enumerate(numbers)]
    steps += [(_RETURN, 0, 0, _ALLOW), (_RETURN, 0, 0, _FAIL)]
    return b"".join(struct.pack("<HBBI", *step) for step in steps)


def close_calls() -> None:
    """Set the filter on this process and all it starts, for good.

    Raises:
        OSError: the kernel does not take it.
    """
    code = program()
    buffer = ctypes.create_string_buffer(code, len(code))
    whole = _Program(len(code) // 8, ctypes.addressof(buffer))
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    if prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) or prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(whole)):
        number = ctypes.get_errno()
        raise OSError(number, f"system calls could not be closed: {os.strerror(number)}")


def main(command: list[str]) -> None:
    """Set the filter on this process and become the command."""
    try:
        close_calls()
    except OSError as error:
        sys.exit(str(error))
    os.execvp(command[0], command)


if __name__ == "__main__":
    main(sys.argv[1:])
