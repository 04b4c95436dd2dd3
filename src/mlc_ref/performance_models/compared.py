"""The kernels whose order is predicted: the matmul ladder and the row kernels, with what is right and what was measured.

``benchmarks/predicted.py`` measures them on a machine and writes the record that the course ships.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import tvm
from scipy.stats import spearmanr

from mlc_ref.harness import cpu_seconds
from mlc_ref.kinds import refused
from mlc_ref.language import Text
from mlc_ref.performance_models.machine import Level, Machine
from mlc_ref.performance_models.measuring import checked
from mlc_ref.performance_models.predicting import Prediction, predict
from mlc_ref.schedules.kernels import programs as kernels
from mlc_ref.schedules.kernels.rows import by_rows
from mlc_ref.schedules.ladder import LADDER
from mlc_ref.schedules.programs import matmul
from mlc_ref.schedules.tiles import Caches, matmul_tiles
from mlc_ref.targets import CpuFeatures
from mlc_ref.tensor_programs import reference

SIDE = 128
"""Rows and columns of the matrices: the largest power of two whose accesses the cache model traces in a few seconds."""
ROWS = (64, 512)
STEPS = ("naive", "rows_inside", "tiled", "vectorized", "register_tiled", "packed")
"""The steps of the ladder that one thread climbs at this size; ``blocked`` is ``packed`` here."""
RECORD = Path(__file__).parent / "records" / "predicted.json"

_NAMES = Text("names", "名称")
_SAME = Text("the same programs in both, two at least", "两边是同样的程序，至少两个")
_LANES = Text("4, 8 or 16", "4、8 或 16")


@dataclass(frozen=True)
class Kernel:
    """A program of one thread, ready to be predicted and to be timed.

    Attributes:
        schedule: of it.
        inputs: arrays it is called with.
        expected: what NumPy computes from them, in float64.
    """

    schedule: tvm.s_tir.Schedule
    inputs: tuple[np.ndarray, ...]
    expected: np.ndarray


def features_with(lanes: int) -> CpuFeatures:
    """Features of a processor whose vectors hold so many float32 elements.

    Raises:
        ValueError: no processor of the course has such vectors.
    """
    known = {4: CpuFeatures(), 8: CpuFeatures(avx2=True), 16: CpuFeatures(avx2=True, avx512=True)}
    if lanes not in known:
        raise ValueError(refused("lanes", lanes, _LANES))
    return known[lanes]


def matmul_ladder(machine: Machine, side: int = SIDE, *, seed: int = 0) -> dict[str, Kernel]:
    """The steps of the matmul ladder for a machine's vectors and caches, by name."""
    rng = np.random.default_rng(seed)
    a, b = (rng.standard_normal((side, side), dtype="float32") for _ in range(2))
    expected = reference.matmul(a, b)
    first, second = (machine.levels * 2)[:2]
    caches = Caches(first.size_bytes, second.size_bytes, first.ways or Caches.l1_ways)
    tiles = matmul_tiles(side, side, side, features=features_with(machine.lanes), caches=caches, threads=1)
    return {name: Kernel(LADDER[name](matmul(side, side, side), tiles), (a, b), expected) for name in STEPS}


def row_kernels(machine: Machine, shape: tuple[int, int] = ROWS, *, seed: int = 0) -> dict[str, Kernel]:
    """Softmax and layer normalization as written, and with the steps of 1, 2 and 4 rows together, by name."""
    rng = np.random.default_rng(seed)
    x, g, b = (rng.standard_normal(size, dtype="float32") for size in (shape, shape[1:], shape[1:]))
    inputs = {"softmax": (x,), "layer_norm": (x, g, b)}
    expected = {"softmax": reference.softmax(x), "layer_norm": _layer_norm(x, g, b)}
    found = {}
    for name, program in (("softmax", kernels.softmax(*shape)), ("layer_norm", kernels.layer_norm(*shape))):
        found[name] = Kernel(tvm.s_tir.Schedule(program), inputs[name], expected[name])
        for rows in (1, 2, 4):
            sch = by_rows(program, features_with(machine.lanes), rows=rows)
            found[f"{name}, rows={rows}"] = Kernel(sch, inputs[name], expected[name])
    return found


def _layer_norm(x: np.ndarray, g: np.ndarray, b: np.ndarray) -> np.ndarray:
    x = x.astype("float64")
    return (x - x.mean(1, keepdims=True)) / np.sqrt(x.var(1, keepdims=True) + 1e-5) * g + b


def predicted(programs: Mapping[str, Kernel], machine: Machine) -> dict[str, Prediction]:
    """What the model says of each program, with its data in the caches from the run before."""
    return {name: predict(each.schedule, machine) for name, each in programs.items()}


def measured(programs: Mapping[str, Kernel], *, rounds: int = 5, min_seconds: float = 0.02) -> dict[str, float]:
    """Processor seconds of each program, in turns, the median; each is compared with NumPy first.

    Raises:
        WrongResult: one computes something else.
    """
    calls = {
        name: checked(each.schedule, each.inputs, each.expected.astype("float32")) for name, each in programs.items()
    }
    return cpu_seconds(calls, rounds=rounds, min_seconds=min_seconds)


def rank_correlation(first: Mapping[str, float], second: Mapping[str, float]) -> float:
    """Spearman's rank correlation: 1 where both put the programs in the same order, -1 in the opposite one.

    Programs that are equal share their ranks. C. Spearman, "The proof and measurement of association between two things",
    American Journal of Psychology 15, 1904.

    Args:
        first, second: a number for each program by its name.

    Raises:
        ValueError: other programs in one than in the other, or fewer than two.
    """
    if set(first) != set(second) or len(first) < 2:
        raise ValueError(refused(_NAMES, f"{sorted(first)} / {sorted(second)}", _SAME))
    return float(spearmanr([first[name] for name in first], [second[name] for name in first]).statistic)


def as_json(machine: Machine) -> dict[str, Any]:
    """A machine's figures as plain data, its name left out."""
    levels = [
        {"name": e.name, "size_bytes": e.size_bytes, "ways": e.ways, "line_bytes": e.line_bytes,
         "gbytes": round(e.gbytes, 2), "latency_ns": round(e.latency_ns, 2)} for e in machine.levels
    ]  # fmt: skip
    names = ("gflops", "fma_ns", "gbytes", "latency_ns")
    figures = {name: round(getattr(machine, name), 3) for name in names}
    return {**figures, "lanes": machine.lanes, "cores": machine.cores, "levels": levels}


def from_json(data: Mapping[str, Any], name: Text) -> Machine:
    """The machine whose figures ``as_json`` wrote."""
    return Machine(name, **{**data, "levels": tuple(Level(**each) for each in data["levels"])})


@dataclass(frozen=True)
class Record:
    """What was measured once, and on what.

    Attributes:
        machine: as it was measured then.
        processor: its name, and the date.
        predicted: for ``matmul`` and ``rows`` the seconds of each program that ``predict`` gave for ``machine``.
        moved: the bytes that this counted for each of them, from and to each memory behind the first cache.
        runs: of each run, for ``matmul`` and ``rows`` the seconds of each program.
        blind: of each run, how many times slower the second program of each pair of ``blindness`` was.
    """

    machine: Machine
    processor: str
    predicted: Mapping[str, Mapping[str, float]]
    moved: Mapping[str, Mapping[str, Mapping[str, int]]]
    runs: Sequence[Mapping[str, Mapping[str, float]]]
    blind: Sequence[Mapping[str, float]]

    def measured(self, group: str) -> dict[str, float]:
        """The median over the runs for each program of a group.

        Raises:
            KeyError: the group is neither ``matmul`` nor ``rows``.
        """
        return _medians([run[group] for run in self.runs])

    def rank_correlation(self, group: str) -> float:
        """Of what was predicted and the medians of what was measured."""
        return rank_correlation(self.predicted[group], self.measured(group))

    @property
    def slower(self) -> dict[str, float]:
        """The median over the runs for each pair of ``blindness``."""
        return _medians(self.blind)


def _medians(runs: Sequence[Mapping[str, float]]) -> dict[str, float]:
    return {name: float(np.median([run[name] for run in runs])) for name in runs[0]}


def recorded() -> Record:
    """The record that the course ships."""
    data = json.loads(RECORD.read_text("utf-8"))
    machine, date = data["machine"]["processor"], data["machine"]["date"]
    figures = from_json(data["figures"], Text.code(machine))
    return Record(figures, f"{machine}, {date}", data["predicted"], data["moved"], data["runs"], data["blind"])
