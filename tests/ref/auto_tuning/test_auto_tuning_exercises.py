"""Right answers to the exercises on auto-tuning pass however they are written; wrong ones keep what they earned."""

import json
import math
import random

import numpy as np
import pytest
import tvm
from auto_tuning_answers import (
    TASKS,
    accept_vectorized,
    broken_widest,
    by_thought,
    cheapest,
    earned,
    from_the_chapter,
    in_order,
    repeated,
    report_on,
    scheduled,
    scores,
    shuffled,
    smallest_last,
    widest_by_counting_down,
    with_history,
)
from present import present
from tvm.s_tir import Schedule

from mlc_course.exercises.answers import plain_trace
from mlc_course.exercises.catalog import load_exercise
from mlc_course.exercises.local import judge
from mlc_course.grading.vetting.ir_module import vet_module
from mlc_course.grading.vetting.schedule_trace import vet_trace
from mlc_ref.auto_tuning import exercise_inputs

POINTS = {"freedom": [2, 2, 1], "widest": [2, 3], "search": [2, 2, 1], "accept": [1, 2, 1, 1], "install": [1, 4, 1]}
ANSWERS = {"freedom": "scores", "widest": "widest", "search": "random_search", "accept": "accept", "install": "tuned"}


@pytest.fixture(scope="module")
def solutions():
    """Names of the exercise's code cells after its solutions ran."""
    namespace: dict = {}
    for cell in load_exercise("auto_tuning").cells:
        if cell.role in ("setup", "example", "answer"):
            exec(cell.source, namespace)
    return namespace


@pytest.mark.parametrize("name", list(ANSWERS))
def test_the_solution_earns_every_point(solutions, name):
    assert earned(name, solutions[ANSWERS[name]]) == POINTS[name]


@pytest.mark.parametrize("name", list(ANSWERS))
def test_the_starter_earns_nothing(name):
    assert earned(name, None) == [0] * len(POINTS[name])


def test_the_grader_accepts_right_answers_as_they_travel(solutions):
    for answer in (solutions["scores"], scores(late=True)):
        assert vet_trace(json.dumps(plain_trace(answer)))
    for model in (solutions["tuned"], scheduled(by_thought)):
        vet_module(tvm.ir.save_json(model))


# A schedule with stated freedom.


def test_draws_may_come_in_any_order_and_more_steps_may_follow():
    assert earned("freedom", scores()) == [2, 2, 1]
    assert earned("freedom", scores(late=True)) == [2, 2, 1]


def test_candidates_may_be_listed_in_any_order():
    assert earned("freedom", scores(candidates=(4, 2, 1, 3))) == [2, 2, 1]


def test_a_limit_or_a_candidate_that_is_off_costs_the_draws_only():
    assert earned("freedom", scores(most=7)) == [0, 2, 1]
    assert earned("freedom", scores(candidates=(1, 2, 3, 4, 6))) == [0, 2, 1]


def test_numbers_baked_into_the_steps_do_not_follow_the_decisions():
    report = report_on("freedom", scores(fixed=True))
    assert [result.earned for result in report.results] == [2, 0, 1]
    assert "split" in report.results[1].hint.en


def test_a_schedule_without_or_with_too_many_draws():
    assert earned("freedom", Schedule(exercise_inputs.scores_program())) == [0, 0, 1]
    assert earned("freedom", scores(extra=True)) == [0, 0, 1]


# Replay with chosen decisions.


def test_the_rule_may_be_computed_in_another_way():
    assert earned("widest", widest_by_counting_down) == [2, 3]


def test_decisions_that_break_the_rule_earn_nothing():
    assert earned("widest", broken_widest(lambda made: made.value)) == [0, 0]
    assert earned("widest", broken_widest(smallest_last)) == [0, 0]
    past_the_end = broken_widest(lambda made: made.limit)
    assert earned("widest", past_the_end) == [0, 0]


def test_right_decisions_without_a_replay_keep_their_points():
    def unreplayed(mod, text):
        return {**widest_by_counting_down(mod, text), "module": mod}

    assert earned("widest", unreplayed) == [2, 0]


# Random search.


def test_drawing_by_shuffling_is_a_random_search():
    assert earned("search", shuffled) == [2, 2, 1]


def test_points_measured_twice_cost_their_part():
    assert earned("search", with_history(repeated))[:2] == [0, 2]


def test_a_search_that_is_not_random_earns_no_points_for_it():
    def ordered(cost, choices, trials, seed):
        history = [(point, cost(point)) for point in in_order(cost, choices, trials, seed)]
        usable = [pair for pair in history if math.isfinite(pair[1])]
        return {"history": history, "best": min(usable, key=lambda pair: pair[1], default=None)}

    assert earned("search", ordered) == [2, 0, 1]
    assert earned("search", with_history(cheapest))[1] == 0


def test_a_generator_that_is_not_made_from_the_seed_is_noticed():
    dice = random.Random(3)

    def unseeded(cost, choices, trials, _seed):
        return shuffled(cost, choices, trials, dice.random())

    assert earned("search", unseeded) == [2, 0, 1]


def test_the_last_point_is_not_the_best():
    def last(cost, choices, trials, seed):
        found = shuffled(cost, choices, trials, seed)
        return {**found, "best": found["history"][-1]}

    assert earned("search", last) == [2, 2, 0]


def test_of_equally_good_points_the_first_is_the_best():
    def later(cost, choices, trials, seed):
        found = shuffled(cost, choices, trials, seed)
        usable = [pair for pair in found["history"] if math.isfinite(pair[1])]
        return {**found, "best": min(reversed(usable), key=lambda pair: pair[1], default=None)}

    assert earned("search", later) == [2, 2, 0]


def test_leaving_out_what_cannot_run_is_named_where_it_shows():
    def usable_only(cost, choices, trials, seed):
        found = shuffled(cost, choices, trials, seed)
        return {**found, "history": [pair for pair in found["history"] if math.isfinite(pair[1])]}

    # On this machine some points of both spaces cannot run.
    results = judge(TASKS["search"], usable_only, np.random.default_rng(1)).results
    assert [result.earned for result in results] == [0, 0, 1]
    result = results[1]
    assert present(result.message).en.startswith("expected: 3 points; found: ")
    assert "infinite cost" in present(result.hint).en


# The acceptance step.


def test_arrays_serve_as_well_as_loops():
    assert earned("accept", accept_vectorized) == [1, 2, 1, 1]


def test_the_chapters_function_is_not_the_answer():
    # It treats infinite costs as the exercise asks, and no other part.
    assert earned("accept", from_the_chapter)[1:] == [0, 1, 0]


def test_greedy_acceptance_misses_chance():
    assert earned("accept", lambda p, c, _t, _d: (c <= p) & np.isfinite(c)) == [1, 0, 1, 0]


def test_one_forgotten_rule_costs_one_part():
    def no_elite(parents, children, temperature, draws):
        # Another best parent in front: the rule about it then touches no one else.
        given = ((1e-9, parents), (1e-9, children), (0.0, draws))
        front = [np.concatenate([[number], each]) for number, each in given]
        return accept_vectorized(front[0], front[1], temperature, front[2])[1:]

    assert earned("accept", no_elite) == [1, 2, 1, 0]

    def infinite_is_equal(parents, children, temperature, draws):
        return accept_vectorized(parents, children, temperature, draws) | (children == parents)

    assert earned("accept", infinite_is_equal) == [1, 2, 0, 1]

    def best_never_replaced(parents, children, temperature, draws):
        accepted = accept_vectorized(parents, children, temperature, draws)
        accepted[np.argmin(parents)] = False
        return accepted

    assert earned("accept", best_never_replaced) == [1, 2, 1, 0]


def test_a_draw_at_the_bound_is_not_less_than_it():
    def at_most(parents, children, temperature, draws):
        return accept_vectorized(parents, children, temperature, np.nextafter(draws, 0))

    assert earned("accept", at_most) == [1, 0, 1, 1]


def test_zeros_and_ones_are_truth_values_too():
    assert earned("accept", lambda *given: [int(flag) for flag in accept_vectorized(*given)]) == [1, 2, 1, 1]
    assert earned("accept", lambda *given: accept_vectorized(*given) * 1.0) == [0, 0, 0, 0]


def test_the_wrong_way_round_earns_nothing():
    assert earned("accept", lambda p, c, t, d: ~accept_vectorized(p, c, t, d)) == [0, 0, 0, 0]
