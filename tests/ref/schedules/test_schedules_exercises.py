"""The exercises on schedules: right answers of several kinds, and wrong ones with the points they deserve."""

import json

import numpy as np
import pytest
from schedule_answers import RIGHT, WRONG, clip, marks, nest_step_by_step, product
from tvm.s_tir import Schedule

from mlc_course.exercises.answers import plain_trace
from mlc_course.exercises.catalog import load_exercise, load_tasks
from mlc_course.exercises.local import judge
from mlc_course.grading.vetting.schedule_trace import vet_trace
from mlc_ref.schedules import primitives
from mlc_ref.schedules import programs as chapter_programs
from mlc_ref.schedules.exercise_inputs import programs
from mlc_ref.schedules.ladder import LADDER
from mlc_ref.schedules.tiles import Tiles

TASKS = {task.name: task for task in load_tasks("schedules")}
POINTS = {
    "mark_loops": [1, 1, 1, 1], "given_nest": [2, 2, 1], "fuse_epilogue": [2, 2, 1, 1], "batch_target": [2, 1, 2, 1],
    "repair_schedule": [2, 1, 2, 1], "two_stages": [2, 2, 1], "traffic_bound": [2, 3, 1],
}  # fmt: skip
SOLUTIONS = {
    "mark_loops": "marked", "given_nest": "nested", "fuse_epilogue": "fused", "batch_target": "batched",
    "repair_schedule": "repaired", "two_stages": "staged", "traffic_bound": "lean",
}  # fmt: skip


def report(name, answer):
    return judge(TASKS[name], answer, np.random.default_rng(7))


def earned(name, answer):
    return [result.earned for result in report(name, answer).results]


@pytest.fixture(scope="module")
def notebook():
    """The exercise's names after its cells have run with their solutions."""
    names: dict = {}
    for cell in load_exercise("schedules").cells:
        if cell.role in ("setup", "example", "answer"):
            exec(cell.source, names)
    return names


def test_points_are_those_the_prompts_state():
    assert {name: [part.points for part in task.parts] for name, task in TASKS.items()} == POINTS


@pytest.mark.parametrize("name", TASKS)
def test_the_solution_in_the_notebook_earns_everything(notebook, name):
    assert earned(name, notebook[SOLUTIONS[name]]) == POINTS[name]


@pytest.mark.parametrize(("name", "answer"), RIGHT)
def test_right_answers_earn_everything_however_written(name, answer):
    assert earned(name, answer) == POINTS[name]


@pytest.mark.parametrize(("name", "answer", "points"), WRONG)
def test_wrong_answers_keep_exactly_what_they_earned(name, answer, points):
    assert earned(name, answer) == points


@pytest.mark.parametrize(("name", "answer"), RIGHT)
def test_the_grader_accepts_the_steps_of_right_answers(name, answer):
    assert vet_trace(json.dumps(plain_trace(answer)))


def test_the_colleagues_schedule_is_refused(notebook):
    with pytest.raises(ValueError, match="no longer exists"):
        notebook["broken"](programs.product_leaky(12, 40, 30))


FETCHED = {
    "traffic_bound": lambda: LADDER["packed"](chapter_programs.matmul(48, 56, 40), Tiles(4, 4, 4, 40, 3, 4, False)),
    "two_stages": lambda: primitives.rfactor(chapter_programs.total(1003), 8),
    "fuse_epilogue": lambda: primitives.reverse_compute_at(chapter_programs.matmul_relu(20, 24, 18), 2),
    "mark_loops": lambda: primitives.vectorize(chapter_programs.scale_add(96), 8),
}


@pytest.mark.parametrize("name", FETCHED)
def test_a_schedule_of_the_package_does_not_fit_the_exercise(name):
    assert set(earned(name, FETCHED[name]())) == {0}


def test_a_module_that_was_edited_without_steps_earns_nothing():
    assert earned("given_nest", Schedule(nest_step_by_step().mod)) == [0, 0, 1]
    assert earned("given_nest", nest_step_by_step().mod) == [0, 0, 0]


def test_messages_show_the_nest_that_was_found_in_both_languages():
    results = report("mark_loops", marks(unroll=False)).results
    assert "unrolled loop of 4 directly around the innermost" in results[2].message.en
    assert "axis 1 × 4 step 8 > vectorized axis 1 × 8" in results[2].message.en
    assert "最内层外面" in results[2].message.zh


def test_whatever_is_wrong_with_the_loops_comes_with_a_hint_in_both_languages():
    for name, answer, _points in WRONG:
        for part in report(name, answer).results:
            told = part.passed or part.message.en.startswith("for the same reason")
            if not told and part.name != "numbers" and "float32[" not in part.message.en:
                assert part.hint, f"{name}: {part.message.en}"
                assert part.hint.en != part.hint.zh


def test_an_epilogue_inside_the_sum_is_counted():
    result = report("fuse_epilogue", clip(2, decompose=False)).results[0]
    assert result.message.en.startswith("expected: one run for each of the 480 elements; found: 8640")
    assert "complete" in result.hint.en


def test_the_stated_traffic_of_the_naive_program_is_what_the_model_counts():
    result = report("traffic_bound", product()).results[0]
    assert result.message.en == "expected: at most 500000 bytes moved; found: 7079424"
