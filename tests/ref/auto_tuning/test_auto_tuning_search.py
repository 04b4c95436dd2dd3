"""The searches written out, on the simulated CPU, and the timer of real schedules."""

import math
import random

import pytest
import tvm
from tuned_matmul import MATMUL, TILES, chosen
from tvm import te
from tvm.s_tir import Schedule

from mlc_ref.auto_tuning.measure import CpuTimer
from mlc_ref.auto_tuning.search import (
    Candidate,
    accepts,
    best,
    best_so_far,
    choose,
    evolutionary_search,
    offspring,
    random_search,
    values_of,
)
from mlc_ref.auto_tuning.simulated import SimulatedCpu
from mlc_ref.auto_tuning.space import elementwise_space, matmul_space, problem
from mlc_ref.schedules.programs import matmul, matmul_relu, scale_add


def test_random_search_measures_different_valid_schedules_and_repeats_itself():
    first = random_search(MATMUL, matmul_space, SimulatedCpu(), 12, seed=3)
    assert len({c.values for c in first}) == 12
    assert all(problem(c.schedule) is None for c in first)
    assert [c.values for c in first] == [
        c.values for c in random_search(MATMUL, matmul_space, SimulatedCpu(), 12, seed=3)
    ]


def test_random_search_ends_when_the_space_is_used_up():
    # 4 is three factors in six ways.
    assert len(random_search(scale_add(4), elementwise_space, SimulatedCpu(), 50, draws=2)) == 6


def hasty_space(sch):
    """A third of its draws is refused: 2 times 16 iterations are fewer than 64."""
    (i,) = sch.get_loops("Y")
    outer = sch.sample_categorical([2, 4, 8], [1 / 3] * 3)
    sch.vectorize(sch.split(i, [outer, 16])[1])


def parallel_sum_space(sch):
    k = sch.get_loops("C")[-1]
    sch.parallel(sch.split(k, sch.sample_perfect_tile(k, n=2))[0])


@pytest.mark.parametrize("searching", [random_search, evolutionary_search])
def test_a_search_counts_the_draws_that_a_step_refuses_and_goes_on(searching):
    found = searching(scale_add(64), hasty_space, SimulatedCpu(), 5, seed=1)
    assert sorted(c.values for c in found) == [(1,), (2,)]
    assert 10 < found.refused < 60


def test_a_draw_with_a_problem_is_counted_as_well():
    found = random_search(scale_add(4), elementwise_space, SimulatedCpu(), 6)
    assert found.refused == 0
    found = random_search(matmul(256, 512, 256), matmul_space, SimulatedCpu(), 40, seed=3)
    assert found.refused > 0


@pytest.mark.parametrize("searching", [random_search, evolutionary_search])
def test_a_space_without_a_legal_draw_is_refused_with_the_reason(searching, monkeypatch):
    with pytest.raises(
        ValueError, match=r"got 60 draws of which none can be measured.*\"parallel\" cannot be fulfilled"
    ):
        searching(MATMUL, parallel_sum_space, SimulatedCpu(), 3)
    monkeypatch.setenv("MLC_LANG", "zh")
    with pytest.raises(ValueError, match="得到 60 次采样，全都无法测量"):
        searching(MATMUL, parallel_sum_space, SimulatedCpu(), 3)


def test_no_trial_draws_nothing_and_says_nothing():
    assert random_search(MATMUL, parallel_sum_space, SimulatedCpu(), 0) == []


def test_evolution_finds_better_schedules_than_its_first_batch_and_keeps_to_the_budget():
    history = evolutionary_search(MATMUL, matmul_space, SimulatedCpu(), 20, batch=5, children=10, seed=2)
    assert len(history) == len({c.values for c in history}) == 20
    curve = best_so_far(history)
    assert curve[-1] < curve[4]
    assert curve == sorted(curve, reverse=True)
    assert best(history).cost == curve[-1]
    assert evolutionary_search(MATMUL, matmul_space, SimulatedCpu(), 0) == []


def test_children_are_new_valid_and_one_decision_from_a_good_parent():
    history = random_search(MATMUL, matmul_space, SimulatedCpu(), 4, seed=1)
    parent = best(history)
    pool = offspring(MATMUL, history, 6, random.Random(0))
    assert 0 < len(pool) <= 6
    for child in pool:
        assert values_of(child) != parent.values
        assert sum(a != b for a, b in zip(values_of(child), parent.values, strict=True)) == 1


def test_choose_takes_the_promising_and_a_share_at_random():
    pool, costs = list("abcdefghij"), [5, 1, 4, 2, 3, 9, 9, 9, 9, 9]
    assert choose(pool, costs, 3, 0.0, random.Random(0)) == ["b", "d", "e"]
    some = choose(pool, costs, 4, 0.5, random.Random(0))
    assert some[:2] == ["b", "d"]
    assert len(set(some)) == 4
    assert sorted(choose(pool, costs, 99, 0.5, random.Random(0))) == pool
    with pytest.raises(ValueError, match=r"got 1.5, allowed 0 to 1"):
        choose(pool, costs, 3, 1.5, random.Random(0))


def test_acceptance():
    rng = random.Random(0)
    assert accepts(10, 9, 0, rng)
    assert accepts(10, 10, 0, rng)
    assert not accepts(10, 10.1, 0, rng)
    assert not accepts(10, math.inf, 5, rng)
    share = sum(accepts(10, 11, 0.1, rng) for _ in range(4000)) / 4000
    assert share == pytest.approx(math.exp(-1), abs=0.03)
    with pytest.raises(ValueError, match="temperature -1"):
        accepts(10, 9, -1, rng)


@pytest.mark.parametrize(
    ("parent", "child", "wanted"),
    [(math.inf, math.inf, False), (math.inf, 5, True), (5, math.inf, False)],
)
@pytest.mark.parametrize("temperature", [0, 0.5, math.inf])
def test_a_schedule_that_cannot_run_is_never_accepted_and_always_left(parent, child, wanted, temperature):
    assert accepts(parent, child, temperature, random.Random(0)) is wanted


@pytest.mark.parametrize("costs", [(math.nan, 1, 0), (1, math.nan, 0), (1, 1, math.nan), (0, 1, 0)])
def test_costs_and_temperatures_that_are_no_numbers_are_refused(costs):
    parent, child, temperature = costs
    with pytest.raises(ValueError, match="got temperature"):
        accepts(parent, child, temperature, random.Random(0))


def test_best_needs_something_measured():
    with pytest.raises(ValueError, match="got nothing"):
        best([])
    slow, fast = (Candidate(chosen(), TILES, cost) for cost in (2.0, 1.0))
    assert best([slow, fast]) is fast


def test_the_timer_times_right_schedules_and_refuses_wrong_ones():
    timer = CpuTimer(MATMUL, repeats=2, min_seconds=0.001)
    assert 0 < timer(chosen()) < math.inf
    # The same signature and another function: negative products become zero.
    assert timer(Schedule(matmul_relu(32, 48, 16))) == math.inf


def test_the_timer_refuses_a_symbolic_shape_and_names_the_parameter():
    n = tvm.tirx.Var("n", "int64")
    x = te.placeholder((4, n), "float32", name="X")
    twice = te.create_prim_func([x, te.compute(x.shape, lambda *i: 2 * x[i], name="Y")])
    with pytest.raises(ValueError, match="parameter X: got a symbolic shape, allowed one of numbers"):
        CpuTimer(tvm.IRModule({"main": twice}))


@pytest.mark.parametrize("other", [matmul(32, 48, 8), scale_add(64), tvm.IRModule({"scaled": scale_add(64)["main"]})])
def test_the_timer_refuses_schedules_of_other_modules(other):
    timer = CpuTimer(MATMUL, repeats=1, min_seconds=0.001)
    with pytest.raises(ValueError, match="schedule: got a main with the parameters "):
        timer(Schedule(other))
