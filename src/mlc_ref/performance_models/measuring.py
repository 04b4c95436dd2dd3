"""Measure this machine with programs of the course: each is compared with NumPy before it is timed.

Times are processor seconds of one thread (``harness.cpu_seconds``): set ``TVM_NUM_THREADS=1`` before TVM is imported. A latency
holds what finding the address costs: where pages are small, a walk over many of them waits for their translation, too.
"""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import tvm
from tvm.s_tir import Schedule

from mlc_ref.cache_model.levels import CacheLevel
from mlc_ref.cache_model.system import described_caches
from mlc_ref.gpu.execution import WrongResult
from mlc_ref.harness import build, cpu_seconds
from mlc_ref.kinds import takes
from mlc_ref.language import Text, for_print
from mlc_ref.performance_models.machine import EXAMPLE, MEMORY, Level, Machine
from mlc_ref.performance_models.programs import LINE_ELEMENTS, chase, read_again
from mlc_ref.schedules.kernels import peak
from mlc_ref.schedules.tiles import vector_lanes
from mlc_ref.targets import CpuFeatures, cpu_features

_WRONG = Text(
    "element {first}: got {got}, NumPy says {expected}", "元素 {first}：得到 {got}，NumPy 的结果是 {expected}"
)
THIS = Text("this machine", "这台机器")
READ_CHAINS = 8
MOST_BYTES = 128 << 20


@dataclass(frozen=True)
class Effort:
    """How long a measurement takes.

    Attributes:
        rounds: timings of which the median counts.
        min_seconds: each timing repeats the call for at least so long.
        steps: multiply-adds, or lines of a chase, of one call.
        most_bytes: of the buffer that stands for memory; it should be larger than the last cache.
    """

    rounds: int = 5
    min_seconds: float = 0.01
    steps: int = 1 << 15
    most_bytes: int = MOST_BYTES


def measured_machine(
    levels: Sequence[CacheLevel] | None = None, effort: Effort | None = None, features: CpuFeatures | None = None
) -> Machine:
    """The machine this runs on: peak, latency of an addition, bandwidth and latency of every cache and of memory.

    Args:
        levels: its caches; default: what Linux says, or else those of ``EXAMPLE``.
        effort: how long to measure; some seconds by default.
        features: of the processor; default: its own.

    Raises:
        WrongResult: a program computes something else than NumPy; nothing is timed then.
    """
    caches = list(levels or described_caches() or EXAMPLE.levels)
    effort, features = effort or Effort(), features or cpu_features()
    sizes = buffer_sizes(caches, effort.most_bytes)
    gflops = peak_gflops(effort, features)
    fma_ns = 2 * vector_lanes(features) / peak_gflops(effort, features, chains=1)
    gbytes = {name: read_gbytes(size, effort, features) for name, size in sizes.items()}
    latency = {name: chase_ns(size, effort) for name, size in sizes.items()}
    found = tuple(
        Level(c.name, c.size_bytes, c.ways, c.line_bytes, gbytes=gbytes[c.name], latency_ns=latency[c.name]) for c in caches
    )  # fmt: skip
    lanes, cores = vector_lanes(features), os.cpu_count() or 1
    return Machine(THIS, gflops, lanes, fma_ns, found, gbytes[MEMORY], latency[MEMORY], cores)


def buffer_sizes(caches: Sequence[CacheLevel], most_bytes: int = MOST_BYTES) -> dict[str, int]:
    """Bytes of the buffer that stands for each memory, by name: too large for the cache before, small for the cache itself.

    Half of the first cache; then four times the cache before, or half of the cache where that is less; four times the last
    for memory. Memory's is at most ``most_bytes``: on a processor whose last cache holds that, the figures are that cache's. A cache
    that is less than twice as large as the one before is measured in that one.
    """
    smaller = [0, *(cache.size_bytes for cache in caches)]
    inside = [
        min(cache.size_bytes // 2, 4 * before or cache.size_bytes)
        for cache, before in zip(caches, smaller, strict=False)
    ]
    return {**{c.name: size for c, size in zip(caches, inside, strict=True)}, MEMORY: min(most_bytes, 4 * smaller[-1])}


def peak_gflops(effort: Effort, features: CpuFeatures | None = None, *, chains: int = peak.CHAINS) -> float:
    """10**9 operations a second of multiply-adds on ``chains`` vectors, each waiting for its own last result.

    With one chain the rest of the machine idles: two operations on every lane each time the latency has passed.
    """
    program = peak.peak_loop(1, effort.steps, features, chains=chains)
    # 1 + steps / 1024 is exact in float32, and says how many steps there were.
    inputs = [np.array([1, 2.0**-10], "float32")]
    expected = np.full((1, chains * vector_lanes(features or cpu_features())), 1 + effort.steps / 1024, "float32")
    call = checked(program, inputs, expected)
    return peak.flops(1, effort.steps, features, chains=chains) / _seconds(call, effort) / 1e9


def read_gbytes(size_bytes: int, effort: Effort, features: CpuFeatures | None = None) -> float:
    """10**9 bytes a second read from a buffer of so many bytes, again and again from its beginning."""
    program, inputs, expected = _reading(size_bytes, features or cpu_features())
    moved = inputs[0].nbytes * _times(size_bytes)
    return moved / _seconds(checked(program, inputs, expected), effort) / 1e9


def chase_ns(size_bytes: int, effort: Effort, seed: int = 0) -> float:
    """Nanoseconds from one line to the next, whose place the line before tells, all over a buffer of so many bytes."""
    lines = max(2, size_bytes // (4 * LINE_ELEMENTS))
    after = one_cycle(lines, seed)
    table = np.zeros((lines, LINE_ELEMENTS), "int32")
    table[:, 0] = after
    place = np.zeros(1, np.int64)
    for _ in range(effort.steps):
        place = after[place]
    call = checked(Schedule(chase(lines, effort.steps)), [table], place.astype("int32"), start=0)
    return _seconds(call, effort) / effort.steps * 1e9


def one_cycle(length: int, seed: int = 0) -> np.ndarray:
    """For each place the next one, in random order through all of them and back to the first; int64 ``(length,)``."""
    order = np.random.default_rng(seed).permutation(length)
    after = np.empty(length, np.int64)
    after[order] = np.roll(order, -1)
    return after


def read_loop(times: int, rows: int, features: CpuFeatures, *, chains: int = READ_CHAINS) -> Schedule:
    """``read_again`` with its sums in ``chains`` vector registers; with enough of them as fast as lines come."""
    lanes = vector_lanes(features)
    sch = Schedule(read_again(times, rows, chains * lanes))
    out = sch.cache_write("S", 0, "local")
    _t, _i, j = sch.get_loops("S")
    chain, lane = sch.split(j, [None, lanes])
    sch.unroll(chain)
    sch.vectorize(lane)
    zero = sch.decompose_reduction("S", sch.get_loops("S")[0])
    sch.unroll(sch.get_loops(zero)[-2])
    chain, lane = sch.split(sch.get_loops(out)[-1], [None, lanes])
    sch.unroll(chain)
    sch.vectorize(lane)
    return sch


def _reading(size_bytes: int, features: CpuFeatures) -> tuple[Schedule, list[np.ndarray], np.ndarray]:
    width = READ_CHAINS * vector_lanes(features)
    rows, times = max(1, size_bytes // (4 * width)), _times(size_bytes)
    # Small whole numbers: their sums are exact in any order.
    x = np.random.default_rng(0).integers(-1, 2, (rows, width)).astype("float32")
    return read_loop(times, rows, features), [x], times * x.sum(0, dtype="float64").astype("float32")


def _times(size_bytes: int) -> int:
    """Runs through a buffer in one call: enough for a call to cost little beside them."""
    return max(1, (1 << 20) // size_bytes)


@takes("Schedule")
def checked(
    sch: Schedule, inputs: Sequence[np.ndarray], expected: np.ndarray, *, start: float = np.nan
) -> Callable[[], object]:
    """A call of the compiled program, which gave what NumPy gives.

    Args:
        sch: of a program whose last parameter is the result.
        expected: the result.
        start: what the result's buffer holds before the call.

    Raises:
        WrongResult: it gave something else.
    """
    function = build(sch.mod)["main"]
    result = tvm.runtime.tensor(np.full(expected.shape, start).astype(expected.dtype))
    arguments = [*(tvm.runtime.tensor(each) for each in inputs), result]
    function(*arguments)
    got = result.numpy()
    wrong = np.flatnonzero(~np.isclose(got, expected, rtol=1e-4, atol=1e-4 * np.abs(expected).max()))
    if len(wrong):
        first = wrong[0]
        raise WrongResult(for_print(_WRONG.format(first=first, got=got.flat[first], expected=expected.flat[first])))
    return lambda: function(*arguments)


def _seconds(call: Callable[[], object], effort: Effort) -> float:
    return cpu_seconds({"": call}, rounds=effort.rounds, min_seconds=effort.min_seconds)[""]
