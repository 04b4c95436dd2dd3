"""Measure everything and print one table; ``benchmarks/README.md`` says what the rows mean.

    python benchmarks/run.py [GROUP …] [--threads 1 2] [--out FILE]

Every group runs in a fresh process for each number of threads. The rows are merged into FILE, so that the groups may
be measured one at a time.
"""

import argparse
import contextlib
import importlib
import json
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from machine import describe

HERE = Path(__file__).parent
GROUPS = ("matmul", "conv", "by_rows", "int8", "networks", "tooling", "simulator")
ONE_THREAD_ONLY = ("tooling", "simulator")
CAPPED = (
    "OPENBLAS_CORETYPE",
    "OPENBLAS_L2_SIZE",
    "OPENBLAS_NUM_THREADS",
    "MKL_ENABLE_INSTRUCTIONS",
    "DNNL_MAX_CPU_ISA",
)
THREADS = ("TVM_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def environment(threads: int) -> dict[str, str]:
    """This process's variables without those that cap a library's kernels, and the same threads for all.

    TVM would bind its worker to a core that the main thread is free to use as well; unbound, as the threads of the
    other libraries are, a parallel loop starts in 2 microseconds and not in 10 to 40.
    """
    kept = {name: value for name, value in os.environ.items() if name not in CAPPED}
    return {**kept, **dict.fromkeys(THREADS, str(threads)), "TVM_BIND_THREADS": "0"}


def measure(group: str, threads: int) -> list[dict]:
    """The rows of a group, measured in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        answer = Path(folder) / "rows.json"
        command = [sys.executable, __file__, "--inside", group, str(threads), str(answer)]
        subprocess.run(command, env=environment(threads), check=True)
        return json.loads(answer.read_text())


def inside(group: str, threads: int, answer: Path) -> None:
    """What runs in the fresh process."""
    _take_precedence()
    import numpy  # noqa: F401 - so that its libraries are loaded and can be asked
    import threadpoolctl
    import torch

    torch.set_num_threads(threads)
    for pool in threadpoolctl.threadpool_info():
        kernel = pool.get("architecture") or pool["internal_api"]
        print(
            f"# {pool['internal_api']}: {kernel}, {pool['num_threads']} threads ({Path(pool['filepath']).name})",
            flush=True,
        )
    rows = []
    for row in importlib.import_module(f"groups.{group}").rows(threads):
        rows.append(row.as_json())
    answer.write_text(json.dumps(rows))


def _take_precedence() -> None:
    """Ask Linux to run this process and its threads before all others; ends itself after five minutes.

    Without the right to a real-time scheduler, a session of its own with a high priority has to do.
    """
    signal.alarm(300)
    try:
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(50))
    except (AttributeError, OSError):  # not Linux, or not allowed
        with contextlib.suppress(OSError):
            os.setsid()
            Path("/proc/self/autogroup").write_text("-15")


def merge(path: Path, group: str, threads: int, rows: list[dict]) -> dict:
    """Put rows in the place of those of the same group and threads."""
    old = json.loads(path.read_text()) if path.is_file() else {"rows": []}
    for row in rows:
        row["part"] = group
    kept = [row for row in old["rows"] if (row["part"], row["threads"]) != (group, threads)]
    order = {name: place for place, name in enumerate(GROUPS)}
    all_rows = sorted([*kept, *rows], key=lambda row: (order.get(row["part"], 99), row["threads"]))
    data = {"machine": describe(), "rows": all_rows}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(data, indent=1) + "\n")
    return data


def table(rows: list[dict]) -> str:
    """The rows as text: what, on how many threads, how long, against whom, how it compares and what was aimed at."""
    lines = [
        f"{'work':38} {'thr':>3} {'program':13} {'time':>10} {'GOP/s':>6} {'fastest peer':22} {'ratio':>6} {'goal':>5}      compile"
    ]
    for row in rows:
        seconds = row["seconds"].get(row["program"])
        rate = f"{row['operations'] / seconds / 1e9:6.0f}" if row["operations"] and seconds else " " * 6
        goal = f"{row['goal']:5.2f}" if row["goal"] else " " * 5
        mark = "    " if not row["goal"] else "met " if row["met"] else "miss"
        built = f"{row['compile_seconds']:.2f} s" if row["compile_seconds"] else ""
        lines.append(
            f"{row['work']:38} {row['threads']:>3} {row['program']:13} {_time(seconds):>10} {rate} {row['peer']:22} "
            f"{row['ratio']:6.2f} {goal} {mark} {built}{_warning(row)}"
        )
    return "\n".join(lines)


def _warning(row: dict) -> str:
    share = row.get("disturbed", 0.0)
    return f"  (others disturbed {share:.0%} of the turns)" if share > 0.1 else ""


def _time(seconds: float) -> str:
    for unit, scale in (("s", 1), ("ms", 1e3), ("us", 1e6)):
        if seconds * scale >= 1:
            return f"{seconds * scale:.2f} {unit}"
    return f"{seconds * 1e9:.0f} ns"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("groups", nargs="*", metavar="GROUP", help=f"of {', '.join(GROUPS)}; default: all")
    parser.add_argument("--threads", nargs="+", type=int, default=[1, 2])
    parser.add_argument("--out", type=Path, default=HERE.parent / "_build" / "benchmarks" / "results.json")
    parser.add_argument("--inside", nargs=3, metavar=("GROUP", "THREADS", "FILE"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.inside:
        group, threads, answer = options.inside
        inside(group, int(threads), Path(answer))
        return
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the process that measures ends with this one
    unknown = set(options.groups) - set(GROUPS)
    if unknown:
        parser.error(f"group: got {', '.join(sorted(unknown))}, allowed {', '.join(GROUPS)}")
    data: dict = {"rows": []}
    for group in options.groups or GROUPS:
        for threads in [1] if group in ONE_THREAD_ONLY else options.threads:
            data = merge(options.out, group, threads, measure(group, threads))
    print(table(data["rows"]))
    print(f"written to {options.out}")


if __name__ == "__main__":
    main()
