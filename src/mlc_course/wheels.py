"""Where the pins have wheels, and a notebook what it needs: ``python -m mlc_course.wheels`` (``make pins``; needs the network and uv).

For each Python, on Linux x86-64 and from wheels only, two things are resolved: every pin of ``requirements.lock``,
and what a chapter's notebook needs, the dependencies in ``pyproject.toml``. Colab and Binder choose their Python
themselves; this says on which the notebooks can work.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from mlc_course.root import course_root

# The newest patch release counts: hosted machines have it.
PYTHONS = ("3.10.18", "3.11.14", "3.12.12", "3.13.9", "3.14.8", "3.15.0")
PLATFORM = "x86_64-manylinux_2_28"
NO_SOLUTION = 1  # uv's exit code where the requirements cannot be met


def pins(lock: str) -> list[str]:
    """The pins of a lock file: its lines without comments."""
    return [line.strip() for line in lock.splitlines() if re.match(r"[\w.-]+==", line.strip())]


def excluded(requirements: list[str], fits: Callable[[list[str]], bool]) -> list[str]:
    """The requirements that do not fit, found by halving those that together do not."""
    if fits(requirements):
        return []
    if len(requirements) == 1:
        return requirements
    half = len(requirements) // 2
    return [*excluded(requirements[:half], fits), *excluded(requirements[half:], fits)]


def resolves(source: Path, python: str, uv: str, *options: str) -> bool:
    """Whether all requirements of a file can be had as wheels together for one Python.

    Raises:
        RuntimeError: uv could not tell, for instance without a network.
    """
    # Wheels need no interpreter of their own version: uv shall not fetch one for every question.
    interpreter = ["--python", sys.executable, "--no-python-downloads", "--python-version", python]
    wheels = ["--only-binary", ":all:", "--python-platform", PLATFORM]
    done = subprocess.run(
        [uv, "pip", "compile", *interpreter, *wheels, *options, source], capture_output=True, text=True
    )
    if done.returncode not in (0, NO_SOLUTION):
        raise RuntimeError(f"uv could not resolve {source} for Python {python}: {done.stderr.strip()[-500:]}")
    return done.returncode == 0


def have_wheels(requirements: list[str], python: str, uv: str) -> bool:
    """Whether every requirement, without what it needs in turn, has a wheel for one Python."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "requirements.in")
        source.write_text("\n".join(requirements) + "\n", "utf-8")
        return resolves(source, python, uv, "--no-deps")


def main() -> int:
    uv = shutil.which("uv")
    if not uv:
        print("uv is missing. Install it for this check: pip install uv", file=sys.stderr)
        return 1
    requirements = pins((course_root() / "requirements.lock").read_text("utf-8"))
    for python in PYTHONS:
        missing = excluded(requirements, partial(have_wheels, python=python, uv=uv))
        verdict = f"no wheel of {len(missing)}: {', '.join(missing)}" if missing else "a wheel of every one"
        notebook = "yes" if resolves(course_root() / "pyproject.toml", python, uv) else "no"
        print(f"Python {python}, {len(requirements)} pins: {verdict}")
        print(f"  what a chapter's notebook needs can be installed: {notebook}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
