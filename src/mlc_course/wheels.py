"""Which Pythons have a wheel of every pinned package: ``python -m mlc_course.wheels`` (``make pins``; needs the network and uv).

Every pin of ``requirements.lock`` is resolved alone, for each Python, on Linux x86-64, from wheels only. Colab and Binder
choose their Python themselves; this says on which the notebooks can work.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from mlc_course.root import course_root

# The newest patch release counts: hosted machines have it.
PYTHONS = ("3.10.18", "3.11.14", "3.12.12", "3.13.9")
PLATFORM = "x86_64-manylinux_2_28"


def pins(lock: str) -> list[str]:
    """The pins of a lock file: its lines without comments."""
    return [line.strip() for line in lock.splitlines() if re.match(r"[\w.-]+==", line.strip())]


def excluded(requirements: list[str], python: str, uv: str) -> list[str]:
    """The requirements that have no wheel for one Python."""
    command = [uv, "pip", "compile", "--quiet", "--no-deps", "--only-binary", ":all:", "--python-platform", PLATFORM]
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for requirement in requirements:
            source = Path(folder, "requirement.in")
            source.write_text(requirement + "\n", "utf-8")
            done = subprocess.run([*command, "--python-version", python, source], capture_output=True, text=True)
            if done.returncode:
                found.append(requirement)
    return found


def main() -> int:
    uv = shutil.which("uv")
    if not uv:
        print("uv is missing. Install it for this check: pip install uv", file=sys.stderr)
        return 1
    requirements = pins((course_root() / "requirements.lock").read_text("utf-8"))
    for python in PYTHONS:
        missing = excluded(requirements, python, uv)
        verdict = f"no wheel of {len(missing)}: {', '.join(missing)}" if missing else "a wheel of every one"
        print(f"Python {python}, {len(requirements)} pins: {verdict}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
