"""What a learner waits for: imports, and ``mlc check`` of a set from start to answer, beside importing TVM alone."""

import subprocess
import sys
import tempfile
from pathlib import Path

from timing import Contest, Row

from mlc_course.exercises.notebooks import build_notebooks

SETS = ("introduction", "tensor_programs", "schedules")


def rows(threads: int) -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        notebooks = {path.stem: path for path in build_notebooks(Path(folder), ("en",), SETS)}
        contest = Contest("tooling", "start", threads)
        contest.add("import tvm", lambda i: _run("-c", "import tvm"))
        contest.add("import mlc_ref", lambda i: _run("-c", "import mlc_ref, mlc_ref.harness"))
        contest.add("import a schedule", lambda i: _run("-c", "import mlc_ref.schedules.ladder"))
        contest.add("mlc --help", lambda i: _run("-m", "mlc_course.cli", "--help"))
        for name, path in notebooks.items():
            contest.add(f"check {name}", lambda i, path=path: _run("-m", "mlc_course.cli", "check", str(path)))
        pairs = [(name, ["import tvm"], None) for name in ("import mlc_ref", "import a schedule", "mlc --help")]
        checks = [(f"check {name}", ["import tvm"], 1 / 1.5) for name in notebooks]
        found = contest.rows(*pairs, *checks, rounds=3)
    for row in found:
        row.work = row.program if row.program.startswith("check") else f"start: {row.program}"
    return found


def _run(*arguments: str) -> None:
    """A whole process, which may say that an exercise is not solved."""
    done = subprocess.run([sys.executable, *arguments], capture_output=True, text=True)
    if done.returncode not in (0, 1):
        raise RuntimeError(f"{' '.join(arguments)}: {done.stderr[-500:]}")
