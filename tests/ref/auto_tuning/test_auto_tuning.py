"""Spaces, decisions, costs and the models of costs, all on the simulated CPU: exact and repeatable."""

import math
import random

import numpy as np
import pytest
from tuned_matmul import MATMUL, TILES, chosen
from tvm.s_tir import Schedule

from mlc_ref.auto_tuning.cost_model import FEATURES, CostModel, features, rank_agreement
from mlc_ref.auto_tuning.decisions import Decision, Value, decisions, mutate, with_values
from mlc_ref.auto_tuning.nests import main_nest
from mlc_ref.auto_tuning.search import (
    random_search,
    values_of,
)
from mlc_ref.auto_tuning.simulated import SimulatedCpu
from mlc_ref.auto_tuning.space import draw, elementwise_space, matmul_space, packed_space, problem
from mlc_ref.checks.equivalence import equivalent
from mlc_ref.checks.loops import Loop, loop_nest
from mlc_ref.checks.memory import has_buffer
from mlc_ref.schedules.programs import matmul, scale_add
from mlc_ref.schedules.tiles import register_tile
from mlc_ref.targets import cpu_features


def factors(value: Value) -> tuple[int, ...]:
    """What a decision divides a loop by."""
    assert isinstance(value, tuple)
    return value


def test_a_space_has_the_loops_its_decisions_say():
    sch = chosen()
    kernel = [Loop(2, 8, step=2), Loop(2, 2, "unrolled"), Loop(0, 4, "unrolled"), Loop(1, 8, "vectorized")]
    loop_nest(sch, "C_update", [Loop((0, 1), 6, "parallel"), Loop(0, 4, step=4), Loop(1, 2, step=8), *kernel])
    has_buffer(sch, shape=(4, 8), scope="local")
    loop_nest(with_values(scale_add(64), draw(scale_add(64), elementwise_space, 1), [(4, 2, 8)]), "Y", [
        Loop(0, 4, "parallel", 16), Loop(0, 2, step=8), Loop(0, 8, "vectorized"),
    ])  # fmt: skip


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_draw_computes_the_same(seed):
    equivalent(draw(MATMUL, matmul_space, seed), MATMUL)


@pytest.mark.parametrize("size", [(1, 1, 8), (7, 13, 8), (5, 48, 24)])
def test_the_space_exists_for_odd_sizes(size):
    equivalent(draw(matmul(*size), matmul_space, 5), matmul(*size))


@pytest.mark.parametrize("size", [(32, 48, 16), (30, 45, 7), (7, 5, 3)])
def test_packed_schedules_with_drawn_rows_compute_the_same(size):
    mod = matmul(*size)
    sch = draw(mod, packed_space, 4)
    equivalent(sch, mod)
    (rows,) = decisions(sch)
    filled = math.prod(factors(rows.value))
    assert filled >= size[0]
    equivalent(with_values(mod, sch, [(filled, 1, 1)]), mod)


def test_packed_rows_are_filled_up_to_two_register_tiles():
    height, _columns = register_tile(cpu_features())
    (rows,) = decisions(draw(matmul(2 * height + 1, 32, 8), packed_space, 4))
    assert math.prod(factors(rows.value)) == 4 * height


def test_a_reduction_that_the_unroll_factor_does_not_divide_is_guarded():
    mod = matmul(4, 4, 7)
    sch = with_values(mod, draw(mod, matmul_space, 1), ((2, 1, 2), (2, 1, 2), 2))
    equivalent(sch, mod)


def test_equal_seeds_draw_equal_schedules():
    assert values_of(draw(MATMUL, matmul_space, 9)) == values_of(draw(MATMUL, matmul_space, 9))
    assert len({values_of(draw(MATMUL, matmul_space, seed)) for seed in range(1, 9)}) > 4


def test_decisions_of_another_module_are_refused_where_they_do_not_fit():
    with pytest.raises(ValueError, match=r"SamplePerfectTile: got \(2, 4, 4\), which does not fit the module"):
        with_values(matmul(30, 45, 7), chosen(), TILES)
    equivalent(with_values(matmul(32, 48, 7), chosen(), TILES), matmul(32, 48, 7))


@pytest.mark.parametrize(
    "options", [{"n": 2, "max_innermost_factor": 0}, {"n": 0}, {"n": 2, "max_innermost_factor": -2}]
)
def test_a_space_whose_limits_leave_nothing_to_draw_is_refused(options):
    def space(sch):
        sch.sample_perfect_tile(sch.get_loops("Y")[0], **options)

    with pytest.raises(ValueError, match="sample_perfect_tile: got n="):
        draw(scale_add(64), space, 1)


def test_decisions_are_listed_in_the_order_they_were_made():
    assert decisions(chosen()) == [
        Decision("SamplePerfectTile", (2, 4, 4), 16),
        Decision("SamplePerfectTile", (3, 2, 8), 64),
        Decision("SampleCategorical", 1, 4),
    ]


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (((2, 4, 4), (3, 2, 8)), "got 2, the trace has 3 decisions"),
        (((2, 4, 5), (3, 2, 8), 1), r"got \(2, 4, 5\), allowed 3 factors of 32, the last at most 16"),
        (((32, 1), (3, 2, 8), 1), "allowed 3 factors of 32"),
        (((1, 1, 32), (3, 2, 8), 1), "the last at most 16"),
        (((2, 4, 4), (3, 2, 8), 4), "got 4, allowed 0 to 3"),
        (((2, 4, 4), (3, 2, 8), (1,)), "allowed 0 to 3"),
    ],
)
def test_decisions_outside_the_space_are_refused(values, message):
    with pytest.raises(ValueError, match=message):
        chosen(values)


def test_mutation_changes_one_decision_and_stays_in_the_space():
    made, rng = decisions(chosen()), random.Random(0)
    found = set()
    for _ in range(200):
        values = mutate(made, rng)
        assert sum(a != b.value for a, b in zip(values, made, strict=True)) <= 1
        assert math.prod(factors(values[0])) == 32
        assert factors(values[0])[-1] <= 16
        assert math.prod(factors(values[1])) == 48
        assert values[2] in range(4)
        found.add(tuple(values))
    assert len(found) > 20
    assert mutate([Decision("SamplePerfectTile", (1, 1), 4)], rng) == [(1, 1)]


def test_what_would_not_stay_in_registers_is_a_problem():
    assert problem(chosen()) is None
    assert problem(chosen(((2, 1, 16), (1, 1, 48), 0))) == "register tile of 3072 bytes, more than 1024"
    assert "unrolled iterations, more than 512" in str(problem(unrolled_too_far()))


def unrolled_too_far() -> Schedule:
    sch = Schedule(scale_add(1024))
    sch.unroll(sch.get_loops("Y")[0])
    return sch


def test_too_many_lanes_are_a_problem():
    sch = Schedule(scale_add(128))
    sch.vectorize(sch.get_loops("Y")[0])
    assert problem(sch) == "block Y: 128 lanes, more than 64"


def test_lines_touched_by_inner_loops():
    nest = main_nest(chosen())
    assert nest.iterations == 32 * 48 * 16
    assert (nest.extent_of("parallel"), nest.extent_of("vectorized"), nest.extent_of("unrolled")) == (6, 8, 8)
    by_name = {access.name: access for access in nest.accesses}
    # The kernel (all loops of k, the tile): 16 rows of B with 8 elements, 4 rows of A with 16.
    assert nest.lines(by_name["B"], 3) == 16
    assert nest.lines(by_name["A"], 3) == 4
    assert by_name["C_local"].scope == "local"


def test_the_simulated_cost_by_hand():
    # 64 elements, 8 a vector instruction, not unrolled: 8 instructions and 8 loop steps; X and Y have 4 lines each.
    sch = Schedule(scale_add(64))
    sch.vectorize(sch.split(sch.get_loops("Y")[0], [None, 8])[1])
    assert SimulatedCpu(lanes=8, cache_lines=512, line_cost=8.0, loop_cost=1.0)(sch) == 8 + 8 + 8.0 * 8
    # The same work on 4 threads in 8 tasks: two rounds, and the launch.
    sch.parallel(sch.get_loops("Y")[0])
    assert SimulatedCpu(threads=4, launch_cost=200.0)(sch) == 80 / 8 * 2 + 200
    # A cache of one line holds no iteration's two lines: every access is a miss.
    plain = Schedule(scale_add(64))
    assert SimulatedCpu(cache_lines=1, loop_cost=0.0)(plain) == 64 + 8.0 * 2 * 64


def test_features_are_named_and_fixed_in_number():
    for sch in (chosen(), Schedule(scale_add(4)), Schedule(MATMUL)):
        assert features(sch).shape == (len(FEATURES),)
        assert np.all(np.isfinite(features(sch)))
    row = dict(zip(FEATURES, features(chosen()), strict=True))
    assert row["log2 vectorized iterations"] == 3
    assert row["log2 extent of loop 0 from inside"] == 3


@pytest.mark.parametrize("kind", ["ridge", "trees"])
def test_models_learn_the_order_of_schedules_they_have_not_seen(kind):
    cpu = SimulatedCpu()
    known = random_search(MATMUL, matmul_space, cpu, 40, seed=1)
    unknown = random_search(MATMUL, matmul_space, cpu, 25, seed=1000)
    model = CostModel(kind)
    assert list(model.predict([c.schedule for c in unknown[:3]])) == [1, 1, 1]
    model.fit([c.schedule for c in known] + [known[0].schedule], [c.cost for c in known] + [math.inf])
    predicted = model.predict([c.schedule for c in unknown])
    assert rank_agreement(predicted.tolist(), [c.cost for c in unknown]) > 0.7


def test_rank_agreement():
    assert rank_agreement([1, 2, 3], [10, 20, 30]) == 1
    assert rank_agreement([3, 2, 1], [10, 20, 30]) == 0
    assert rank_agreement([1, 3, 2], [10, 20, 30]) == pytest.approx(2 / 3)
    with pytest.raises(ValueError, match="equal costs only"):
        rank_agreement([1, 2], [5, 5])
    with pytest.raises(ValueError, match="allowed 'ridge' and 'trees'"):
        CostModel("forest")  # type: ignore[arg-type]
