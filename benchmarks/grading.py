"""How long trusted grading takes beside stock nbgrader, and a class in parallel beside one after the other.

The first ratio is of the same honest notebook handed in by a few students, graded by one command: the trusted grader
starts its two boxed processes once a command.

    python benchmarks/grading.py [--stem tensor_programs] [--copies 5] [--class-size 40] [--workers 2]

Both ratios come from one run on the same honest notebook, by the commands an instructor types. Run it on a machine
that does nothing else.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import nbformat
import psutil

from mlc_course.exercises.course import create_course
from mlc_course.exercises.notebooks import instructor_notebook

_STOCK = "c = get_config()\nc.CourseDirectory.course_id = 'stock'\nc.Execute.timeout = 300\n"
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
        while not self._ended.wait(0.5):
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
    options = parser.parse_args()
    # nbgrader starts alembic by name; the environment need not be activated for that.
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
    with tempfile.TemporaryDirectory(prefix="mlc-bench-") as top:
        one = [_course(Path(top), name, options.stem, options.copies) for name in ("stock", "trusted")]
        (one[0] / "nbgrader_config.py").write_text(_STOCK)
        single = {f.name: _single(f, options.stem, options.repeats) for f in one}
        _print_single(single)
        classes = [_course(Path(top), name, options.stem, options.class_size) for name in ("serial", "parallel")]
        serial = Meter([*NBGRADER, "autograde", options.stem], classes[0])
        workers = str(options.workers)
        parallel = Meter(
            [sys.executable, "-m", "mlc_course.cli", "grade", options.stem, "--workers", workers], classes[1]
        )
        _print_class(options, serial, parallel)


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


def _print_single(runs: dict[str, Meter]) -> None:
    for name, run in runs.items():
        print(f"the same notebook, {name:7}: {run.seconds:6.1f} s, {run.peak >> 20} MiB")
    print(f"trusted / stock: {runs['trusted'].seconds / runs['stock'].seconds:.2f}\n", flush=True)


def _print_class(options: argparse.Namespace, serial: Meter, parallel: Meter) -> None:
    print(f"{options.class_size} submissions on {os.cpu_count()} processors")
    print(f"nbgrader autograde:          {serial.seconds:6.1f} s, {serial.peak >> 20} MiB")
    print(f"mlc grade, {options.workers} workers:        {parallel.seconds:6.1f} s, {parallel.peak >> 20} MiB")
    print(f"parallel / serial: {parallel.seconds / serial.seconds:.2f}")


if __name__ == "__main__":
    main()
