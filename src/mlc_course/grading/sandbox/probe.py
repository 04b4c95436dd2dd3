"""Whether this machine can make a box that holds; if not, what to do about it. There is no fallback."""

import json
import os
import platform
import shutil
import subprocess
import sys

from mlc_course.grading.sandbox.bubblewrap import Box, Limits
from mlc_course.grading.sandbox.seccomp import known_machine

_TOOLS = {"bwrap": "bubblewrap", "prlimit": "util-linux", "timeout": "coreutils", "setpriv": "util-linux"}
PROBE_LIMITS = Limits(memory=2**30, processes=16, file=2**20, scratch=4 * 2**20, wall=60)

# Runs in a box with the limits above and prints what does not hold.
PROBE = """
import errno, json, os, resource, socket, sys
broken = []

def fails(name, attempt, *errors):
    try:
        attempt()
    except MemoryError:
        return
    except OSError as error:
        if error.errno in errors:
            return
        broken.append(name + ": " + str(error))
        return
    broken.append(name)

def fork_many():
    children = []
    try:
        for _ in range(64):
            child = os.fork()
            if child == 0:
                import time; time.sleep(30); os._exit(0)
            children.append(child)
    finally:
        for child in children:
            os.kill(child, 9); os.waitpid(child, 0)

def fill(folder):
    for n in range(16):
        with open(f"{folder}/fill{n}", "wb") as f:
            f.write(bytes(2**20 - 1))

def big():
    with open("/tmp/big", "wb") as f:
        f.write(bytes(2**20 + 1)); f.flush()

import signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
fails("the limit of memory", lambda: bytearray(max(resource.getrlimit(resource.RLIMIT_AS)[0], 2 * 2**30)))
fails("the limit of processes", fork_many, errno.EAGAIN)
fails("the limit of file size", big, errno.EFBIG)
os.path.exists("/tmp/big") and os.unlink("/tmp/big")
for folder in ("/tmp", "/dev/shm", "/dev", "/", "/run", "/var/tmp"):
    limits = errno.ENOSPC, errno.EROFS, errno.EACCES, errno.ENOENT
    fails(f"the limit of space in {folder}", lambda folder=folder: fill(folder), *limits)
if set(os.listdir("/sys/class/net") if os.path.isdir("/sys/class/net") else ["lo"]) - {"lo"}:
    broken.append("no network")
fails("closed system calls", lambda: os.memfd_create("x"), errno.ENOSYS)
fails("a read-only system", lambda: open("/usr/probe", "w"), errno.EROFS, errno.EACCES)
if len([p for p in os.listdir("/proc") if p.isdigit()]) > 4:
    broken.append("processes of its own")
rights = [line.split()[1] for line in open("/proc/self/status") if line.startswith(("CapPrm", "CapEff", "CapBnd"))]
if any(int(bits, 16) for bits in rights):
    broken.append("no capabilities")
print(json.dumps(broken))
"""


class NoSandbox(RuntimeError):
    """This machine cannot make a box that holds; the message says what is missing and how to get it."""


_tried: dict[str | None, str | None] = {}  # what trying a box gave, by the PATH on which its programs were looked for


def require_box() -> None:
    """Try a box, once for the programs on PATH.

    Raises:
        NoSandbox: with what to install or allow.
    """
    path = os.environ.get("PATH")
    if path not in _tried:
        _tried[path] = sandbox_problem()
    if problem := _tried[path]:
        raise NoSandbox(
            f"Submissions are not graded on this machine, because code in them could not be contained: {problem} "
            "Nothing was run. (A learner's own `check` and `mlc check` need no sandbox.)"
        )


def box_was_tried() -> None:
    """Take it that a box holds on this machine: the process that started this one has just tried it."""
    _tried[os.environ.get("PATH")] = None


def sandbox_problem() -> str | None:
    """What keeps this machine from making a box that holds, in one paragraph, or ``None``."""
    if not sys.platform.startswith("linux"):
        return "the sandbox needs Linux. Grade on a Linux machine, in WSL, or in a Linux virtual machine."
    if not known_machine():
        return f"the sandbox is made for x86_64 and aarch64 processors, this one is {platform.machine()}."
    missing = [package for tool, package in _TOOLS.items() if not shutil.which(tool)]
    if missing:
        return f"install {', '.join(sorted(set(missing)))} (Debian, Ubuntu: apt-get install {' '.join(sorted(set(missing)))})."
    command = Box(limits=PROBE_LIMITS).command([sys.executable, "-I", "-S", "-c", PROBE])
    tried = subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    try:
        broken = json.loads(tried.stdout)
    except ValueError:
        return _blocked(tried.stderr.strip()[-400:] or f"it ended with code {tried.returncode}")
    return f"these do not hold in the sandbox: {', '.join(broken)}." if broken else None


def _blocked(reason: str) -> str:
    who = "as root in a container" if os.geteuid() == 0 else "as an ordinary user"
    return (
        f"bubblewrap does not start {who} ({reason}). On Ubuntu 24.04 and later, user namespaces are blocked by "
        "AppArmor: run `sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0`. In Docker, start the container "
        "with `--security-opt seccomp=unconfined --security-opt apparmor=unconfined`, as root also with "
        "`--cap-add SYS_ADMIN`. On other systems see `sysctl kernel.unprivileged_userns_clone` and "
        "`user.max_user_namespaces`. The interpreter and the course must lie in folders you may read."
    )
