"""The GPU simulator: seconds of a 1024-sided matmul, every block, all counters and checks; no peer without numba."""

import statistics

from gpu_sim import timed
from timing import Row

from mlc_ref.gpu_sim import programs

PROGRAMS = {"naive": lambda: programs.matmul_naive(1024), "shared memory": lambda: programs.matmul_blocked(1024, 32)}


def rows(threads: int) -> list[Row]:
    found = []
    for name, make in PROGRAMS.items():
        seconds = statistics.median(timed(make(), 1024)[0] for _ in range(3))
        found.append(
            Row("simulator", f"simulated matmul 1024, {name}", threads, "simulator", {"simulator": seconds}, "", 1.0)
        )
    return found
