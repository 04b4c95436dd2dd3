"""A machine's figures and laws, by hand; its measurement, without a word about how fast it is."""

import math
from dataclasses import replace

import numpy as np
import pytest
from tvm.s_tir import Schedule

from mlc_ref.cache_model import CacheLevel
from mlc_ref.gpu.execution import WrongResult
from mlc_ref.harness import cpu_seconds
from mlc_ref.language import Text
from mlc_ref.performance_models import measuring
from mlc_ref.performance_models.laws import attainable_rate, in_flight, speedup
from mlc_ref.performance_models.machine import EXAMPLE, Level, Machine
from mlc_ref.performance_models.measuring import Effort, buffer_sizes, checked, measured_machine, one_cycle, read_loop
from mlc_ref.schedules import programs
from mlc_ref.schedules.kernels import peak
from mlc_ref.targets import CpuFeatures

QUICK = Effort(rounds=1, min_seconds=0.001, steps=64, most_bytes=1 << 16)


def test_a_reader_changes_a_machine_or_one_of_its_levels():
    assert replace(EXAMPLE, gflops=1).gflops == 1
    changed = EXAMPLE.with_level("L2", ways=16, gbytes=5)
    assert (changed.level("L2").ways, changed.level("L2").gbytes) == (16, 5)
    assert [e.name for e in changed.levels] == ["L1", "L2", "L3"]
    assert changed.level("L1") == EXAMPLE.level("L1")
    with pytest.raises(ValueError, match=r"level: got 'L4', allowed L1, L2, L3"):
        EXAMPLE.with_level("L4", ways=1)


def test_memory_is_the_last_of_what_answers():
    assert EXAMPLE.bandwidths == {"L1": 200, "L2": 80, "L3": 30, "memory": 10}
    assert EXAMPLE.latencies == {"L1": 1, "L2": 4, "L3": 15, "memory": 100}
    assert (EXAMPLE.line_bytes, EXAMPLE.vector_bytes) == (64, 32)


def test_the_roof_of_each_memory_is_the_one_that_the_widget_draws():
    assert EXAMPLE.roof().bound(0.5) == 5
    assert EXAMPLE.roof("L2").bound(0.5) == 40
    assert EXAMPLE.roof("L1").bound(50) == 100
    with pytest.raises(ValueError, match="got 'disk'"):
        EXAMPLE.roof("disk")


def test_each_part_needs_its_seconds():
    assert EXAMPLE.least_times(2e9, {"L2": 80e9, "memory": 1e9}) == {"compute": 0.02, "L2": 1.0, "memory": 0.1}
    with pytest.raises(ValueError, match=r"level: got 'L9', allowed L1, L2, L3, memory"):
        EXAMPLE.least_times(1, {"L9": 1})


@pytest.mark.parametrize("wrong", [{"gflops": 0}, {"gbytes": -1.0}, {"cores": 0}, {"fma_ns": math.nan}])
def test_figures_that_are_not_above_0_are_refused(wrong):
    with pytest.raises(ValueError, match=rf"{next(iter(wrong))}: got .*, allowed numbers above 0"):
        replace(EXAMPLE, **wrong)
    with pytest.raises(ValueError, match="latency_ns: got 0, allowed numbers above 0"):
        Level("L1", 4096, 4, latency_ns=0)


def test_levels_that_are_no_hierarchy_are_refused():
    small, large = Level("L1", 4096), Level("L2", 8192)
    for levels in ((), (large, small), (small, small), (small, Level("L2", 8192, line_bytes=128))):
        with pytest.raises(ValueError, match="caches of growing size"):
            Machine(Text.code("m"), 1, 1, 1, levels, 1, 1)


def test_little_s_law_says_what_must_be_under_way():
    assert in_flight(100, 10) == 1000  # bytes: 16 lines for 10 GB/s at 100 ns
    assert attainable_rate(100, 640) == 6.4  # ten lines
    assert attainable_rate(2, in_flight(2, 3)) == 3
    assert (in_flight(0, 3), in_flight(3, 0), attainable_rate(2, 0), attainable_rate(0.5, 0.5)) == (0, 0, 0, 1)
    for wrong in (
        lambda: in_flight(-1, 1),
        lambda: in_flight(1, -1),
        lambda: attainable_rate(0, 1),
        lambda: attainable_rate(1, -1),
    ):
        with pytest.raises(ValueError, match="got"):
            wrong()


def test_amdahl_s_law_leaves_the_rest_as_it_was():
    assert speedup([0.8], [4]) == pytest.approx(2.5)
    assert speedup([0.9], [math.inf]) == pytest.approx(10)
    assert speedup([0.5, 0.5], [2, 4]) == pytest.approx(1 / 0.375)
    assert speedup([], []) == 1
    assert speedup([1], [math.inf]) == math.inf
    for shares, factors in (([0.7, 0.7], [2, 2]), ([-0.1], [2]), ([1.5], [2]), ([0.5], [0])):
        with pytest.raises(ValueError, match=r"shares: got|factors: got"):
            speedup(shares, factors)


def test_this_machine_is_measured_with_every_level_it_is_given():
    levels = [CacheLevel("L1", 4096, 4), CacheLevel("L2", 16384, 8)]
    found = measured_machine(levels, QUICK)
    assert [(e.name, e.size_bytes, e.ways) for e in found.levels] == [("L1", 4096, 4), ("L2", 16384, 8)]
    assert all(0 < figure < math.inf for figure in (*found.bandwidths.values(), *found.latencies.values()))
    assert 0 < found.gflops < math.inf


@pytest.mark.parametrize("program", ["peak", "reading", "chase"])
def test_a_program_that_computes_something_else_is_not_timed(program, monkeypatch):
    monkeypatch.setattr(measuring, "cpu_seconds", lambda *_, **__: pytest.fail("it was timed"))
    peak_loop, chase = peak.peak_loop, measuring.chase
    monkeypatch.setattr(peak, "peak_loop", lambda tasks, steps, *a, **k: peak_loop(tasks, steps - 1, *a, **k))
    monkeypatch.setattr(measuring, "read_loop", lambda times, rows, features: read_loop(times + 1, rows, features))
    monkeypatch.setattr(measuring, "chase", lambda lines, steps: chase(lines, steps + 1))
    measure = {
        "peak": lambda: measuring.peak_gflops(QUICK),
        "reading": lambda: measuring.read_gbytes(4096, QUICK),
        "chase": lambda: measuring.chase_ns(4096, QUICK),
    }
    with pytest.raises(WrongResult, match=r"element \d+: got .*, NumPy says"):
        measure[program]()


def test_each_memory_is_measured_with_a_buffer_that_the_cache_before_cannot_hold():
    levels = [CacheLevel("L1", 1024), CacheLevel("L2", 4096), CacheLevel("L3", 65536)]
    assert buffer_sizes(levels) == {"L1": 512, "L2": 2048, "L3": 16384, "memory": 4 * 65536}
    assert buffer_sizes(levels, 100_000)["memory"] == 100_000


def test_a_right_program_is_handed_out_as_a_call():
    x = np.arange(8, dtype="float32")
    assert callable(checked(Schedule(programs.scale_add(8)), [x], 2 * x + 1))
    with pytest.raises(WrongResult, match=r"element 0: got 1.0, NumPy says 2.0"):
        checked(Schedule(programs.scale_add(8)), [x], 2 * x + 2)


def test_a_chase_goes_through_all_lines_before_it_is_back():
    after = one_cycle(50)
    place, seen = 0, []
    for _ in range(50):
        place = int(after[place])
        seen.append(place)
    assert sorted(seen) == list(range(50))
    assert seen[-1] == 0
    assert not np.array_equal(after, one_cycle(50, seed=1))


def test_the_loop_that_reads_keeps_its_sums_in_registers():
    sch = read_loop(2, 3, CpuFeatures(avx2=True))
    kinds = [int(sch.get(loop).kind) for loop in sch.get_loops("S_update")]
    assert kinds[-2:] == [3, 2]  # unrolled, vectorized
    assert "local" in sch.mod.script()


def test_processor_seconds_are_given_for_each_program():
    calls: list[str] = []
    found = cpu_seconds({"a": lambda: calls.append("a"), "b": lambda: calls.append("b")}, rounds=2, min_seconds=5e-3)
    assert set(found) == {"a", "b"}
    assert min(found.values()) > 0
    assert min(calls.count("a"), calls.count("b")) >= 4
