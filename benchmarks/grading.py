"""How long trusted grading takes beside stock nbgrader, and a class in parallel beside one after the other.

The first ratio is of the same honest notebook handed in by a few students, graded by one command: the trusted grader
starts its warm processes once a command.

    python benchmarks/grading.py [--stem tensor_programs] [--copies 5] [--class-size 40] [--workers 2] [--out FILE]

Both ratios come from one run on the same honest notebook, by the commands an instructor types. Run it on a machine
that does nothing else.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import nbformat
import psutil
from machine import describe

from mlc_course.exercises.course import create_course
from mlc_course.exercises.notebooks import instructor_notebook

_STOCK = "c = get_config()\nc.CourseDirectory.course_id = 'stock'\nc.Execute.timeout = 300\n"
SAMPLE_SECONDS = 2  # adding up the memory of so many processes takes time itself
NBGRADER = [sys.executable, "-m", "nbgrader"]


class Meter:
    """Seconds and the most memory (bytes, a page that processes share counted once) of a command and all it starts."""

    def __init__(self, command: list[str], folder: Path):
        self.peak, self._ended = 0, threading.Event()
        start = time.perf_counter()
        process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        watcher = threading.Thread(target=self._watch, args=(process.pid,))
        watcher.start()
        _, errors = process.communicate()
        self.seconds = time.perf_counter() - start
        self._ended.set()
        watcher.join()
        if process.returncode:
            raise SystemExit(f"{' '.join(command)} failed:\n{errors[-2000:]}")

    def _watch(self, pid: int) -> None:
        while not self._ended.wait(SAMPLE_SECONDS):
            try:
                family = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
            except psutil.NoSuchProcess:
                return
            self.peak = max(self.peak, sum(_memory(process) for process in family))


def _memory(process: psutil.Process) -> int:
    """Bytes of a process; of what it shares with others, its share."""
    try:
        text = Path(f"/proc/{process.pid}/smaps_rollup").read_text()
    except OSError:  # it has ended
        return 0
    return next((int(line.split()[1]) << 10 for line in text.splitlines() if line.startswith("Pss:")), 0)


def main() -> None:
    """Measure and print both ratios."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stem", default="tensor_programs")
    parser.add_argument("--class-size", type=int, default=40)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--copies", type=int, default=5, help="submissions of the same notebook for the first ratio")
    parser.add_argument("--repeats", type=int, default=2, help="runs for the first ratio; the fastest counts")
    parser.add_argument("--part", choices=["single", "class", "both"], default="both")
    parser.add_argument("--out", type=Path, help="add what was measured to this file")
    options = parser.parse_args()
    # nbgrader starts alembic by name; the environment need not be activated for that.
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
    with tempfile.TemporaryDirectory(prefix="mlc-bench-") as top:
        found = {}
        if options.part != "class":
            found["single"] = _measure_single(Path(top), options)
        if options.part != "single":
            found["class"] = _measure_class(Path(top), options)
    if options.out:
        before = json.loads(options.out.read_text()) if options.out.is_file() else {}
        options.out.write_text(json.dumps({**before, "machine": describe(), **found}, indent=2) + "\n", "utf-8")


def _measure_single(top: Path, options: argparse.Namespace) -> dict[str, Any]:
    """The same notebook by both graders, handed in by a few students."""
    folders = [_course(top, name, options.stem, options.copies) for name in ("stock", "trusted")]
    (folders[0] / "nbgrader_config.py").write_text(_STOCK)
    runs = {folder.name: _single(folder, options.stem, options.repeats) for folder in folders}
    for name, run in runs.items():
        print(f"{options.copies} times the same notebook, {name:7}: {run.seconds:6.1f} s, {run.peak >> 20} MiB")
    ratio = runs["trusted"].seconds / runs["stock"].seconds
    print(f"trusted / stock: {ratio:.2f}\n", flush=True)
    return {"stem": options.stem, "submissions": options.copies, **_as_json(runs), "ratio": round(ratio, 2)}


def _measure_class(top: Path, options: argparse.Namespace) -> dict[str, Any]:
    """A class, one submission after the other and by several workers."""
    folders = [_course(top, name, options.stem, options.class_size) for name in ("serial", "parallel")]
    commands = {
        "serial": [*NBGRADER, "autograde", options.stem],
        "parallel": [sys.executable, "-m", "mlc_course.cli", "grade", options.stem, "--workers", str(options.workers)],
    }
    runs = {}
    for folder in folders:
        runs[folder.name] = run = Meter(commands[folder.name], folder)
        print(
            f"{options.class_size} submissions, {folder.name:8}: {run.seconds:6.1f} s, {run.peak >> 20} MiB", flush=True
        )
    ratio = runs["parallel"].seconds / runs["serial"].seconds
    print(f"parallel / serial: {ratio:.2f} with {options.workers} workers on {os.cpu_count()} processors")
    about = {"stem": options.stem, "submissions": options.class_size, "workers": options.workers}
    return {**about, **_as_json(runs), "ratio": round(ratio, 2)}


def _as_json(runs: dict[str, Meter]) -> dict[str, Any]:
    return {name: {"seconds": round(run.seconds, 1), "mebibytes": run.peak >> 20} for name, run in runs.items()}


def _course(top: Path, name: str, stem: str, students: int) -> Path:
    """A course folder with an assignment and so many right, different submissions."""
    folder = top / name
    create_course(folder, "en", [stem])
    subprocess.run([*NBGRADER, "generate_assignment", stem], cwd=folder, check=True, capture_output=True)
    for number in range(students):
        notebook = instructor_notebook(stem, "en")
        notebook.cells[0].source += f"\n# submission {number}"
        place = folder / "submitted" / f"student{number:03}" / stem
        place.mkdir(parents=True)
        nbformat.write(notebook, place / f"{stem}.ipynb")
    return folder


def _single(folder: Path, stem: str, repeats: int) -> Meter:
    runs = []
    for _ in range(repeats):
        shutil.rmtree(folder / "autograded", ignore_errors=True)
        runs.append(Meter([*NBGRADER, "autograde", stem], folder))
    return min(runs, key=lambda run: run.seconds)


if __name__ == "__main__":
    main()
