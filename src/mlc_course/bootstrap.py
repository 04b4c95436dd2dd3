"""Prepare a machine: a virtual environment with the pinned packages, and the system packages tests use.

Runs before anything is installed, so it uses the standard library only and must parse on old Pythons.

    python bootstrap.py venv DIR     create DIR (if it is missing) and install the pins into it
    python bootstrap.py system       install g++, Chromium, bubblewrap, node, PostgreSQL and a Chinese font, where that can be done

Two environment variables choose PyTorch's build:

    MLC_TORCH         "cpu" (if not set): on Linux the CPU build; "default": the build that the package index gives,
                      on Linux with CUDA libraries of several GB
    MLC_TORCH_INDEX   another index of CPU builds than PyTorch's own
"""

import http.client
import os
import re
import shutil
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from pathlib import Path

OLDEST, NEWEST = (3, 11), (3, 14)
# The first pip that resumes a download is 25.1; older ones come with Python 3.11 to 3.13.
RESUMING_PIP = "pip>=25.1"
CPU_INDEX = "https://download.pytorch.org/whl/cpu"
ROOT = Path(__file__).resolve().parents[2]
SYSTEM = {"c++": "g++", "chromium": "chromium", "bwrap": "bubblewrap", "prlimit": "util-linux", "node": "nodejs"}
FONT = ("fonts-noto-cjk", "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")

ENGLISH_PROBLEM = (
    "Python {}.{} cannot be used: the course's pinned packages need Python {}.{} to {}.{}. "
    "Install one of these and run make again with PYTHON=python3.11 (or its path)."
)
CHINESE_PROBLEM = (
    "Python {}.{} 不能用：本课程固定版本的软件包需要 Python {}.{} 到 {}.{}。"
    "请安装其中之一，再运行 make，并加上 PYTHON=python3.11（或它的路径）。"
)


def python_problem(version):
    """Why this Python cannot be used, or ``None``."""
    if OLDEST <= tuple(version[:2]) <= NEWEST:
        return None
    told = CHINESE_PROBLEM if os.environ.get("MLC_LANG") == "zh" else ENGLISH_PROBLEM
    return told.format(version[0], version[1], *OLDEST, *NEWEST)


def prepare_venv(folder):
    """Create the environment if it is missing, install the pins, say what that took; return an exit code."""
    begun = time.monotonic()
    choice = os.environ.get("MLC_TORCH") or "cpu"
    if choice not in ("cpu", "default"):
        return fail(f'MLC_TORCH: got "{choice}", allowed "cpu" and "default".')
    python = folder / "bin" / "python"
    if not python.exists():
        made = subprocess.run([sys.executable, "-m", "venv", str(folder)])
        if made.returncode:
            return fail(
                f"The virtual environment {folder} could not be made. On Debian and Ubuntu install the package "
                "python3-venv, then run make again."
            )
    print(f"Installing the packages of requirements.lock into {folder}", flush=True)
    pip = Pip(python)
    if not pip.resumes:
        pip.resumes = pip.install(RESUMING_PIP) == 0
        if not pip.resumes:
            print("This pip stays: a download that breaks off starts again from its beginning.", flush=True)
    if choice == "cpu" and sys.platform == "linux" and install_cpu_torch(pip):
        return not_installed(folder)
    if pip.install("-r", str(ROOT / "requirements.lock")) or pip.install("--no-deps", "--editable", str(ROOT)):
        return not_installed(folder)
    (folder / ".mlc-installed").touch()
    minutes, seconds = divmod(round(time.monotonic() - begun), 60)
    print(
        f"Ready in {minutes} min {seconds} s: {disk_use(folder) / 1e9:.1f} GB in {folder}, {pip.downloaded:.0f} MB "
        f"downloaded (pip keeps copies; `{python} -m pip cache purge` removes them)."
    )
    return 0


def not_installed(folder):
    return fail(
        f"pip could not install everything into {folder}; its message stands above. Check the network and the free disk "
        "space (about 3 GB, several more where PyTorch comes with CUDA), then run make again: it goes on with what it has."
    )


class Pip:
    """The pip of one environment, run so that it says which files it fetches and nothing else."""

    def __init__(self, python):
        self.command = [str(python), "-m", "pip"]
        self.downloaded = 0.0  # MB
        said = subprocess.run([*self.command, "--version"], stdout=subprocess.PIPE, text=True).stdout
        found = re.match(r"pip (\d+)\.(\d+).*\(python (\d+)\.(\d+)\)", said)
        numbers = [int(number) for number in found.groups()] if found else [0, 0, *sys.version_info[:2]]
        self.resumes = tuple(numbers[:2]) >= (25, 1)
        self.python_version = tuple(numbers[2:])

    def install(self, *requirements):
        """Install; pip's own warnings and errors go to the terminal. Return its exit code."""
        resuming = ["--resume-retries", "10", "--progress-bar", "raw"] if self.resumes else []
        command = [*self.command, "install", "--disable-pip-version-check", "--no-input", *resuming, *requirements]
        with subprocess.Popen(command, stdout=subprocess.PIPE, universal_newlines=True) as running:
            for line in running.stdout or ():
                self.show(urllib.parse.unquote(line.strip()))
        return running.returncode

    def show(self, line):
        """Print the name and size of a file that is fetched; on a terminal, how much of it is there."""
        file = re.match(r"(Downloading|Resuming download) (?!\S+\.metadata)(.+)", line)
        progress = re.match(r"Progress (\d+) of (\d+)", line)
        if file:
            self.downloaded += megabytes(line) if file.group(1) == "Downloading" else 0
            print("  " + line, flush=True)
        elif progress and sys.stdout.isatty() and int(progress.group(2)):
            print(f"  {int(progress.group(1)) / int(progress.group(2)):3.0%}", end="\r", flush=True)
        elif line.startswith("Installing collected packages: "):
            print(f"  Unpacking {line.count(',') + 1} package(s)", flush=True)


def megabytes(line):
    """The size that pip writes behind a file's name, ``(1.2 MB)``, in MB."""
    size = re.search(r"\(([\d.]+) (bytes|kB|MB|GB)\)", line)
    factors = {"bytes": 1e-6, "kB": 1e-3, "MB": 1.0, "GB": 1e3}
    return float(size.group(1)) * factors[size.group(2)] if size else 0.0


def install_cpu_torch(pip):
    """Install the CPU build of the pinned PyTorch, unless it is there; return pip's exit code, 0 where it stays out.

    On Linux the package index gives a build with CUDA, and several GB of libraries with it, which the course never uses.
    """
    pin = torch_pin()
    installed = "from importlib.metadata import version; print(version('torch'))"
    found = subprocess.run([pip.command[0], "-c", installed], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    if found.stdout.decode().strip().split("+")[0] == pin:
        return 0
    index = (os.environ.get("MLC_TORCH_INDEX") or CPU_INDEX).rstrip("/")
    problem = cpu_index_problem(index, pin, pip.python_version)
    if problem:
        print(
            f"*** PyTorch's CPU build is not to be had from {index}: {problem}. Taking the plain package torch=={pin} "
            "instead, which on Linux x86-64 may bring CUDA libraries of several GB. MLC_TORCH_INDEX names another index.",
            flush=True,
        )
        return 0
    # Without what it needs in turn: that comes with the lock, from the index of all other packages.
    return pip.install("--no-deps", "--index-url", index, f"torch=={pin}+cpu")


def torch_pin():
    """The version of PyTorch in ``requirements.lock``."""
    return re.findall(r"^torch==([\w.]+)", (ROOT / "requirements.lock").read_text(), re.MULTILINE)[0]


def cpu_index_problem(index, pin, version):
    """Why an index cannot give the CPU build of PyTorch for one Python, ``(3, 11)``, on this machine, or ``None``."""
    try:
        with urllib.request.urlopen(f"{index}/torch/", timeout=20) as answer:
            page = urllib.parse.unquote(answer.read().decode("utf-8", "replace"))
    except (OSError, ValueError, http.client.HTTPException) as error:  # an address that is none is a ValueError
        return f"it cannot be reached ({getattr(error, 'reason', error)})"
    machine = os.uname().machine
    wheel = r"torch-{0}\+cpu-cp{1}{2}-cp{1}{2}-\w*{3}\.whl".format(re.escape(pin), *version, machine)
    if not re.search(wheel, page):
        return "it has no torch {} for Python {}.{} on {}".format(pin, *version, machine)
    return None


def disk_use(folder):
    """The bytes that a folder's files occupy."""
    files = [Path(place, name) for place, _, names in os.walk(folder) for name in names]
    return sum(file.lstat().st_blocks * 512 for file in files)


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
