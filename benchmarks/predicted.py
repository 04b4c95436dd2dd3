"""Measure what the chapter on performance models predicts; the chapter shows the record.

    TVM_NUM_THREADS=1 python benchmarks/predicted.py [--runs 3]

Measures the machine, then in each run the matmul ladder, the row kernels and the pairs that a model of caches takes for
equal; prints the predictions and their rank correlation. Writes ``src/mlc_ref/performance_models/records/predicted.json``.
"""

import argparse
import json

from machine import describe

from mlc_ref.performance_models.blindness import BLIND
from mlc_ref.performance_models.compared import (
    RECORD,
    as_json,
    from_json,
    matmul_ladder,
    measured,
    predicted,
    rank_correlation,
    row_kernels,
)
from mlc_ref.performance_models.measuring import THIS, measured_machine
from mlc_ref.performance_models.predicting import Prediction


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=3)
    count = parser.parse_args().runs
    machine = from_json(as_json(measured_machine()), THIS)  # as the record will give it
    groups = {"matmul": matmul_ladder(machine), "rows": row_kernels(machine)}
    runs = [{name: rounded(measured(programs)) for name, programs in groups.items()} for _ in range(count)]
    said = {name: predicted(programs, machine) for name, programs in groups.items()}
    for name, each in said.items():
        report(name, each, [run[name] for run in runs])
    blind = [{name: slower(name) for name in BLIND} for _ in range(count)]
    print(json.dumps(blind, indent=1))
    times = {name: rounded({k: p.time for k, p in each.items()}) for name, each in said.items()}
    moved = {name: {k: dict(p.moved_bytes) for k, p in each.items()} for name, each in said.items()}
    figures = {"machine": describe(), "figures": as_json(machine)}
    record = {**figures, "predicted": times, "moved": moved, "runs": runs, "blind": blind}
    RECORD.parent.mkdir(exist_ok=True)
    RECORD.write_text(json.dumps(record, indent=1) + "\n", "utf-8")


def report(name: str, said: dict[str, Prediction], runs: list[dict[str, float]]) -> None:
    """Print microseconds, predicted and measured, and the rank correlation of each run."""
    for program, prediction in said.items():
        times = " ".join(f"{run[program] * 1e6:8.1f}" for run in runs)
        print(f"{program:22s} {prediction.time * 1e6:8.1f} | {times} | {prediction.limited_by.en}")
    correlations = [rank_correlation({k: p.time for k, p in said.items()}, run) for run in runs]
    print(f"{name}: Spearman {', '.join(f'{each:.3f}' for each in correlations)}", flush=True)


def slower(name: str) -> float:
    """How many times slower the second program of a pair is."""
    pair = BLIND[name]()
    found = measured({"quick": pair.quick, "slow": pair.slow})
    return round(found["slow"] / found["quick"], 2)


def rounded(times: dict[str, float]) -> dict[str, float]:
    return {name: float(f"{each:.4g}") for name, each in times.items()}


if __name__ == "__main__":
    main()
