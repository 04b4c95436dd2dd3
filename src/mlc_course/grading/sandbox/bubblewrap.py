"""The box: bubblewrap around one command. No network, a read-only system, nothing of the instructor's, hard limits.

An ordinary user needs one bubblewrap. Root needs two: the kernel does not hold root to a number of
processes, so the outer one only lays out the file system, then a user id that nobody else has is taken
on, and the inner one isolates.
"""

import os
import secrets
import site
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

_SYSTEM = ("/usr", "/lib", "/lib64", "/lib32", "/bin", "/sbin", "/etc/ld.so.cache", "/etc/ssl", "/etc/alternatives")
_KEPT_VARIABLES = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")
_OWN_TOP = ("usr", "lib", "lib64", "lib32", "bin", "sbin", "proc", "dev")
HOME = "/tmp/home"
FIRST_PRIVATE_USER = 2**30
SECCOMP = Path(__file__).with_name("seccomp.py")


@dataclass(frozen=True)
class Limits:
    """What a box may use.

    Attributes:
        memory: bytes of address space of each process.
        resident: bytes of memory of all processes together; watched, not enforced by the kernel.
        cpu: seconds of CPU of each process.
        wall: seconds until everything in the box is killed.
        processes: processes and threads together.
        file: bytes of the largest file.
        scratch: bytes of the private ``/tmp``.
        open_files: file descriptors of each process.
    """

    memory: int = 6 * 2**30
    resident: int = 3 * 2**30
    cpu: int = 300
    wall: int = 600
    processes: int = 128
    file: int = 64 * 2**20
    scratch: int = 256 * 2**20
    open_files: int = 256


@dataclass(frozen=True)
class Share:
    """Host paths visible in the box, at the same place.

    Attributes:
        readable: files and folders, read-only.
        writable: folders.
        data: a folder whose files are copied into the working folder at start, or ``None``.
    """

    readable: tuple[str, ...] = ()
    writable: tuple[str, ...] = ()
    data: str | None = None


@dataclass(frozen=True)
class Box:
    """One box to be started.

    Attributes:
        user: host user id that owns the box's processes.
    """

    limits: Limits = field(default_factory=Limits)
    share: Share = field(default_factory=Share)
    user: int = field(default_factory=lambda: _private_user() if os.geteuid() == 0 else os.geteuid())

    def command(self, command: list[str], environment: dict[str, str] | None = None) -> list[str]:
        """The argument list that runs ``command`` in the box."""
        filtered = [sys.executable, "-I", "-S", str(SECCOMP), *command]
        limited = ["prlimit", *_limit_options(self.limits), "--", *filtered]
        inner = [*_isolation(), *_variables(environment or {})]
        private = ["--proc", "/proc", "--dev", "/dev", *_scratch(self.limits), "--chdir", f"{HOME}/work"]
        closed = ["--remount-ro", "/dev", "--remount-ro", "/"]  # both are memory without a limit
        view = _view(self.share)
        if os.geteuid() != 0:
            inside = ["bwrap", *inner, *private, *view, *closed, "--", *limited]
        else:
            taken = ["setpriv", f"--reuid={self.user}", f"--regid={self.user}", "--clear-groups", "--inh-caps=-all"]
            taken += ["--bounding-set=-all", "--no-new-privs", "--"]
            writable = [part for path in self.share.writable for part in ("--bind", path, path)]
            # The private /tmp hides what is shared from the host's /tmp: it is put back.
            hidden = [p for p in (*python_paths(), *self.share.readable) if Path(p).is_relative_to("/tmp")]
            readable = [part for path in hidden for part in (*_parents(path), "--ro-bind", path, path)]
            again = ["--ro-bind", "/", "/", *private, *readable, *writable, *closed]
            outer = ["--unshare-pid", "--die-with-parent", "--bind", "/proc", "/proc", "--dev-bind", "/dev", "/dev"]
            outer += ["--perms", "0755", "--dir", "/tmp", *view]
            inside = ["bwrap", *outer, "--", *taken, "bwrap", *inner, *again, "--", *limited]
        # A grader that is killed takes its boxes along (the kernel looks at the thread that started them).
        return ["setpriv", "--pdeathsig", "KILL", "--", "timeout", "--signal=KILL", str(self.limits.wall), *inside]

    def own(self, folder: Path) -> None:
        """Give a folder of the host to the box's user, and to nobody else."""
        folder.chmod(0o700)
        if os.geteuid() == 0:
            os.chown(folder, self.user, self.user)


def python_paths() -> tuple[str, ...]:
    """Folders a Python in the box needs: the interpreter, its packages, and the course's two packages."""
    import mlc_course
    import mlc_ref

    packages = [str(Path(module.__path__[0])) for module in (mlc_course, mlc_ref)]
    found = [sys.base_prefix, sys.prefix, *site.getsitepackages(), *packages]
    shared = dict.fromkeys(str(Path(p).resolve()) if p == sys.base_prefix else p for p in found)
    return tuple(path for path in shared if os.path.isdir(path))


def remove(path: Path) -> None:
    """Remove what hostile code made: it may be deeper than Python can go, or closed to its owner."""
    for command in (["rm", "-rf"], ["chmod", "-R", "u+rwx"], ["rm", "-rf"]):
        if os.path.lexists(path):
            subprocess.run([*command, "--", str(path)], check=False, capture_output=True)


def _private_user() -> int:
    """A user id that no account and no other box has."""
    return FIRST_PRIVATE_USER + secrets.randbelow(2**29)


def _view(share: Share) -> list[str]:
    options = []
    for path in _SYSTEM:
        options += _parents(path)
        if os.path.islink(path):
            options += ["--symlink", os.readlink(path), path]
        elif os.path.exists(path):
            options += ["--ro-bind", path, path]
    readable = (*python_paths(), *share.readable, *([share.data] if share.data else []))
    for path in (*readable, *share.writable):
        options += _parents(path)
    for path in readable:
        options += ["--ro-bind", path, path]
    for path in share.writable:
        options += ["--bind", path, path]
    return options


def _parents(path: str) -> list[str]:
    """Folders above a shared path, made so that the box's user can pass through them; nothing else is in them."""
    above = [str(p) for p in reversed(Path(path).parents) if len(p.parts) > 1 and p.parts[1] not in _OWN_TOP]
    return [part for p in above for part in ("--perms", "0755", "--dir", p)]


def _isolation() -> list[str]:
    return [
        *("--unshare-all", "--unshare-user", "--disable-userns", "--uid", "65534", "--gid", "65534"),
        *("--die-with-parent", "--new-session", "--cap-drop", "ALL", "--hostname", "box", "--clearenv"),
    ]


def _scratch(limits: Limits) -> list[str]:
    shared = ["--size", str(limits.scratch), "--tmpfs", "/dev/shm"]
    return ["--size", str(limits.scratch), "--tmpfs", "/tmp", *shared, "--dir", HOME, "--dir", f"{HOME}/work"]


def _variables(extra: dict[str, str]) -> list[str]:
    return [part for name, value in variables(extra).items() for part in ("--setenv", name, value)]


def variables(extra: dict[str, str]) -> dict[str, str]:
    """The whole environment of a process in a box."""
    kept = {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
    fixed = {
        "HOME": HOME,
        "USER": "student",
        "PATH": f"{sys.prefix}/bin:/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONNOUSERSITE": "1",
        "PYTHONPATH": os.pathsep.join(_import_roots()),
        "TVM_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }
    return {**fixed, **kept, **extra}


def _import_roots() -> list[str]:
    """Where the course's packages lie, for an installation in place; their folders are shared, their siblings are not."""
    import mlc_course

    return [str(Path(mlc_course.__path__[0]).parent)]


def _limit_options(limits: Limits) -> list[str]:
    return [
        f"--as={limits.memory}",
        f"--cpu={limits.cpu}",
        f"--nproc={limits.processes}",
        f"--fsize={limits.file}",
        f"--nofile={limits.open_files}",
        "--core=0",
    ]
