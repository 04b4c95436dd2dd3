"""Prepare a machine: a virtual environment with the pinned packages, and the system packages tests use.

Runs before anything is installed, so it uses the standard library only and must parse on old Pythons.

    python bootstrap.py venv DIR     create DIR (if it is missing) and install the pins into it
    python bootstrap.py system       install g++, Chromium, bubblewrap, node, PostgreSQL and a Chinese font, where that can be done
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

OLDEST, NEWEST = (3, 11), (3, 13)
ROOT = Path(__file__).resolve().parents[2]
SYSTEM = {"c++": "g++", "chromium": "chromium", "bwrap": "bubblewrap", "prlimit": "util-linux", "node": "nodejs"}
FONT = ("fonts-noto-cjk", "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")


def python_problem(version):
    """Why this Python cannot be used, or ``None``."""
    if OLDEST <= tuple(version[:2]) <= NEWEST:
        return None
    return (
        "Python {}.{} cannot be used: the course's pinned packages need Python {}.{} to {}.{}. "
        "Install one of these and run make again with PYTHON=python3.11 (or its path)."
    ).format(version[0], version[1], *OLDEST, *NEWEST)


def prepare_venv(folder):
    """Create the environment if it is missing and install the pins; return an exit code."""
    python = folder / "bin" / "python"
    if not python.exists():
        made = subprocess.run([sys.executable, "-m", "venv", str(folder)])
        if made.returncode:
            return fail(
                f"The virtual environment {folder} could not be made. On Debian and Ubuntu install the package "
                "python3-venv, then run make again."
            )
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    lock = subprocess.run([*pip, "-r", str(ROOT / "requirements.lock")])
    own = lock.returncode or subprocess.run([*pip, "--no-deps", "--editable", str(ROOT)]).returncode
    if own:
        return fail(
            f"pip could not install requirements.lock into {folder}; its message stands above. Check the network and the "
            "free disk space (about 3 GB, more where torch comes with CUDA), then run make again."
        )
    (folder / ".mlc-installed").touch()
    return 0


def missing_system_packages():
    """Names of Debian packages whose program or font is not there."""
    packages = [package for program, package in SYSTEM.items() if not shutil.which(program)]
    packages += [] if postgres_tools() else ["postgresql"]
    return packages + ([] if Path(FONT[1]).exists() or (shutil.which("fc-list") and has_chinese_font()) else [FONT[0]])


def postgres_tools():
    """The folder with PostgreSQL's initdb and pg_ctl (Debian keeps it off the PATH), or ``None``."""
    on_path = shutil.which("initdb")
    folders = [Path(on_path).parent] if on_path else sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((folder for folder in folders if (folder / "initdb").exists()), None)


def has_chinese_font():
    """Whether fontconfig knows a font for Chinese."""
    listed = subprocess.run(["fc-list", ":lang=zh"], capture_output=True, text=True)
    return bool(listed.stdout.strip())


def prepare_system():
    """Install what is missing with apt where that needs no password; otherwise say what to install."""
    packages = missing_system_packages()
    if not packages:
        return 0
    print("Missing system packages: " + " ".join(packages), flush=True)
    prefix = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if shutil.which("apt-get") and (not prefix or can_sudo()):
        environment = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive"]
        subprocess.run([*environment, "apt-get", "update", "-qq"], stdout=subprocess.DEVNULL)
        install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
        subprocess.run([*environment, *install], stdout=subprocess.DEVNULL)
    left = missing_system_packages()
    if left:
        print(
            "*** NOT INSTALLED: {0}. Tests that need them will be skipped (in CI they fail). On Debian or Ubuntu: "
            "apt-get install {0}. On macOS: install Chromium; the sandbox needs Linux.".format(" ".join(left)),
            flush=True,
        )
    return 0


def can_sudo():
    """Whether sudo works without asking for a password."""
    return bool(shutil.which("sudo")) and subprocess.run(["sudo", "-n", "true"], capture_output=True).returncode == 0


def fail(message):
    print(message, file=sys.stderr)
    return 1


def main(arguments):
    problem = python_problem(sys.version_info)
    if problem:
        return fail(problem)
    if arguments[:1] == ["system"]:
        return prepare_system()
    if arguments[:1] == ["venv"] and len(arguments) == 2:
        return prepare_venv(Path(arguments[1]))
    return fail("usage: bootstrap.py venv DIR | bootstrap.py system")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
