"""The exercise on tuning and installing a layer: right and wrong answers; and what all the exercises are made of."""

import itertools
import math

import pytest
import tvm
from auto_tuning_answers import (
    LAYER,
    SECOND_PRODUCT,
    TASKS,
    by_thought,
    earned,
    edited,
    report_on,
    scheduled,
    slow,
)
from tvm.s_tir import Schedule

from mlc_ref.auto_tuning import exercise_inputs
from mlc_ref.auto_tuning.simulated import SimulatedCpu
from mlc_ref.auto_tuning.space import draw, matmul_space

# Tune and install.


def test_a_schedule_found_by_thinking_is_as_good():
    assert earned("install", scheduled(by_thought)) == [1, 4, 1]


def test_the_given_model_and_a_half_tuned_one_miss_the_bound():
    assert earned("install", exercise_inputs.scoring_model()) == [0, 0, 1]
    report = report_on("install", scheduled(lambda sch: by_thought(sch, vector=False)))
    assert [result.earned for result in report.results] == [1, 0, 1]
    assert "cycles" in report.results[1].message.en


def test_less_work_is_not_a_better_schedule():
    short = scheduled(by_thought)
    name = short.get_global_var(LAYER)
    text = short.script().replace("for k in range(T.int64(60))", "for k in range(T.int64(6))")
    assert text != short.script()
    less = tvm.script.from_source(text)
    assert earned("install", less)[1:] == [0, 0]
    assert name.name_hint == LAYER


def test_a_block_that_does_not_say_what_it_reads_has_no_cost_to_be_judged_by():
    model = edited(scheduled(slow), "T.reads(x[v_i0, v_k], w0[v_k, v_i1])", "T.reads()")
    report = report_on("install", model)
    assert [result.earned for result in report.results] == [1, 0, 1]
    assert "T.reads and T.writes as the block" in report.results[1].message.en


def test_a_fast_product_that_nobody_needs_does_not_hide_the_slow_one():
    model = exercise_inputs.scoring_model()
    place = '            with T.sblock("compute"):'  # in the layer, which stands last
    assert LAYER in model.script().split(place)[0].split("def ")[-1]
    head, tail = model.script().rsplit("        for i0, i1 in T.grid(T.int64(48), T.int64(40)):\n" + place, 1)
    text = head + SECOND_PRODUCT + "        for i0, i1 in T.grid(T.int64(48), T.int64(40)):\n" + place + tail
    assert earned("install", tvm.script.from_source(text)) == [1, 0, 1]


def test_other_functions_must_stay():
    model = scheduled(by_thought)
    other = model.get_global_var("fused_matmul1_add1")
    sch = Schedule(tvm.IRModule({"main": model[other].with_attr("global_symbol", "main")}))
    sch.parallel(sch.get_loops("matmul")[0])
    model[other] = sch.mod["main"].without_attr("global_symbol")
    assert earned("install", model) == [0, 4, 1]


# The material.


def test_costs_repeat_and_some_points_cannot_run():
    costs = [exercise_inputs.cycles(point, 5) for point in itertools.product(range(4), repeat=3)]
    assert costs == [exercise_inputs.cycles(list(point), 5) for point in itertools.product(range(4), repeat=3)]
    assert 0 < sum(map(math.isinf, costs)) < len(costs) / 2
    assert costs != [exercise_inputs.cycles(point, 6) for point in itertools.product(range(4), repeat=3)]


def test_the_chapters_space_does_not_fit_the_exercises_program():
    with pytest.raises(tvm.s_tir.ScheduleError, match="C"):
        draw(exercise_inputs.scores_program(), matmul_space, 1)


def test_the_bound_leaves_room_below_and_none_above():
    checks = TASKS["install"].parts[1].judge.__globals__
    tuned, given = (
        SimulatedCpu()(Schedule(checks["_alone"](mod)))
        for mod in (scheduled(by_thought), exercise_inputs.scoring_model())
    )
    assert tuned < 0.9 * given / checks["SHARE"] < given
