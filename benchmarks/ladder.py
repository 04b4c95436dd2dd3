"""Measure the ladder of the schedules chapter at a size where it climbs; the chapter shows the record.

    TVM_NUM_THREADS=1 python benchmarks/ladder.py [--size 1024]

The naive program takes seconds for one call at 1024, so that the chapter does not run it; minutes in all.
Writes ``src/mlc_ref/schedules/records/ladder.json``: the machine, and GFLOP/s of each version on one thread.
"""

import argparse
import json
import statistics
from pathlib import Path

import numpy as np
from compiled import aligned, compiled, shared
from machine import describe
from timing import Contest

import mlc_ref.schedules
from mlc_ref.schedules.ladder import LADDER
from mlc_ref.schedules.programs import matmul
from mlc_ref.schedules.tiles import matmul_tiles

RECORD = Path(mlc_ref.schedules.__file__).parent / "records" / "ladder.json"
ROUNDS = 5


def measure(size: int) -> dict[str, float]:
    """GFLOP/s of each version for a product of ``size`` by ``size`` matrices: medians, the versions in turns."""
    rng = np.random.default_rng(0)
    a, b = (aligned(rng.random((size, size), dtype="float32") - 0.5) for _ in range(2))
    c = aligned(np.zeros((size, size), "float32"))
    arguments = [*shared([a, b, c])]
    contest = Contest("ladder", f"matmul {size}", 1, oracle=a.astype("float64") @ b)
    program, tiles = matmul(size, size, size), matmul_tiles(size, size, size, threads=1)
    for name, version in LADDER.items():
        function = compiled(name, version(program, tiles).mod, {})
        c.fill(np.nan)  # all versions write here: what one of them leaves out must not be the result of the last
        contest.add(name, lambda _, function=function: function(*arguments), lambda: c)
        print(f"# {name} compiled, and its result is right", flush=True)
    times = contest.time(ROUNDS)
    print(f"# turns in which other processes took part: {contest.disturbed:.0%}")
    return {name: round(2 * size**3 / statistics.median(each) / 1e9, 2) for name, each in times.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=1024)
    size = parser.parse_args().size
    record = {"size": size, "machine": describe(), "gflops": measure(size)}
    RECORD.write_text(json.dumps(record, indent=1) + "\n", "utf-8")
    print(json.dumps(record["gflops"], indent=1))


if __name__ == "__main__":
    main()
