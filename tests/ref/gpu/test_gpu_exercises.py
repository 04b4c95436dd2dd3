"""Right answers to the exercises on GPUs pass however they are written; wrong ones keep what they earned."""

import numpy as np
import pytest
from gpu_answers import (
    LARGE,
    SMALL,
    leaky,
    leaky_in_two_thread_axes,
    product,
    squares,
    squares_a_row_a_thread,
    squares_in_pieces,
    squares_rows_side_by_side,
    turned,
    window,
    window_fetched_by_each_thread,
    window_with_the_maximum_in_global_memory,
)
from present import present
from race_answers import one_round_short, race_left, two_buffers, wasteful, without_shared_memory
from solved_notebook import solved_notebook
from tvm.s_tir import Schedule

from mlc_course.exercises.answers import plain_trace
from mlc_course.exercises.catalog import load_tasks
from mlc_course.exercises.local import judge
from mlc_course.grading.vetting.ir_module import vet_module
from mlc_course.grading.vetting.schedule_trace import vet_trace
from mlc_ref.gpu.exercise_inputs import programs
from mlc_ref.gpu.schedules import matmul as course_matmul
from mlc_ref.gpu_sim import simulate

TASKS = {task.name: task for task in load_tasks("gpu")}
POINTS = {
    "bind_leaky": [1, 1, 2], "window_shared": [1, 2, 1], "turn_tile": [1, 2, 2], "sum_rows": [1, 1, 2],
    "register_tile": [1, 1, 2], "shared_tile": [1, 2, 1, 2], "repair_race": [1, 2, 1], "predict": [1] * 6,
}  # fmt: skip
SOLUTIONS = {
    "bind_leaky": "bound", "window_shared": "window", "turn_tile": "turned", "sum_rows": "summed",
    "register_tile": "tiled", "shared_tile": "staged", "repair_race": "Repaired", "predict": "predicted",
}  # fmt: skip


def earned(name, answer):
    report = judge(TASKS[name], answer, np.random.default_rng(7))
    return [result.earned for result in report.results]


@pytest.fixture(scope="module")
def notebook(tmp_path_factory):
    return solved_notebook("gpu", tmp_path_factory.mktemp("answers"))


@pytest.mark.parametrize("name", POINTS)
def test_the_solution_of_the_notebook_earns_every_point(notebook, name):
    answer = getattr(notebook, SOLUTIONS[name])
    assert [part.points for part in TASKS[name].parts] == POINTS[name]
    assert earned(name, answer) == POINTS[name]


@pytest.mark.parametrize("name", [name for name, task in TASKS.items() if task.kind == "trace"])
def test_an_unscheduled_program_earns_nothing_and_is_told_why(name):
    report = judge(TASKS[name], Schedule(present(TASKS[name].module)()), np.random.default_rng(7))
    assert report.score == 0
    assert "outside a kernel" in present(report.results[0].message).en
    assert "blockIdx" in present(report.results[0].hint).zh


# Bind an element-wise kernel.


@pytest.mark.parametrize(
    ("answer", "points"),
    [
        (leaky(64), [1, 1, 2]),
        (leaky_in_two_thread_axes(), [1, 1, 2]),
        (leaky(), [1, 0, 0]),
        (leaky(100), [1, 0, 0]),
        (leaky(128, transposed=True), [1, 1, 0]),
    ],
    ids=["64", "two axes", "a row a block", "no multiple of 32", "down the columns"],
)
def test_bind_leaky(answer, points):
    assert earned("bind_leaky", answer) == points


# Window maximum.


def test_the_hint_on_sectors_names_the_maximum_that_is_loaded_again():
    report = judge(TASKS["window_shared"], window_with_the_maximum_in_global_memory(), np.random.default_rng(7))
    assert [result.earned for result in report.results] == [1, 0, 1]
    assert "register" in present(report.results[1].hint).en


@pytest.mark.parametrize(
    ("answer", "points"),
    [
        (window(64), [1, 2, 1]),
        (window(250, by_hand=True), [1, 2, 1]),
        (window(shared=False), [1, 0, 1]),
        (window(1000), [1, 2, 0]),
        (window_fetched_by_each_thread(), [1, 0, 1]),
    ],
    ids=["64 threads", "by hand", "from global", "one block", "private copies"],
)
def test_window_shared(answer, points):
    assert earned("window_shared", answer) == points


# Transpose.


@pytest.mark.parametrize(
    ("answer", "points"),
    [
        (turned(rows=16), [1, 2, 2]),
        (turned(padding=3), [1, 2, 2]),
        (turned(shared=False), [1, 0, 0]),
        (turned(padding=0), [1, 2, 0]),
        (turned(padding=2), [1, 2, 0]),
        (turned(along="j"), [1, 0, 2]),
    ],
    ids=["16 rows", "3 words", "naive", "no padding", "even padding", "stores down a column"],
)
def test_turn_tile(answer, points):
    assert earned("turn_tile", answer) == points


# A sum across threads.


def test_a_number_of_threads_that_is_no_power_of_two_is_a_race():
    report = judge(TASKS["sum_rows"], squares(48), np.random.default_rng(7))
    assert report.score == 0
    assert "DataRace" in present(report.results[0].message).en


@pytest.mark.parametrize(
    ("answer", "points"),
    [
        (squares(), [1, 1, 2]),
        (squares_rows_side_by_side(), [1, 1, 2]),
        (squares_a_row_a_thread(), [1, 0, 0]),
        (squares_in_pieces(), [1, 1, 0]),
        (squares(16), [1, 0, 2]),
    ],
    ids=["a warp a row", "four rows a block", "a row a thread", "pieces", "half a warp"],
)
def test_sum_rows(answer, points):
    assert earned("sum_rows", answer) == points


# Products.


@pytest.mark.parametrize(
    ("answer", "points"),
    [
        (product(SMALL, (16, 16)), [1, 1, 2]),
        (product(SMALL, (8, 8), (8, 4)), [1, 1, 2]),
        (product(SMALL, (16, 16), (1, 1)), [1, 1, 0]),
        (product(SMALL, operands=False, cached=False), [1, 0, 0]),
        (product(SMALL, operands=False), [1, 1, 0]),
        (product(SMALL, depth=8), [1, 1, 0]),
    ],
    ids=["64 by 64", "8 by 4", "one element", "sum in global memory", "operands not kept", "shared memory"],
)
def test_register_tile(answer, points):
    assert earned("register_tile", answer) == points


@pytest.mark.parametrize(
    ("answer", "points"),
    [
        (product(LARGE, (16, 16), depth=8, vector=4, vectors=True), [1, 2, 1, 2]),
        (product(LARGE, (16, 16), depth=32, vector=4, vectors=True), [1, 2, 1, 2]),
        (product(LARGE, (16, 16)), [1, 0, 0, 0]),
        (product(LARGE, (16, 16), depth=16, vector=1, vectors=True), [1, 2, 0, 2]),
        (product(LARGE, (16, 16), depth=16, vector=4), [1, 2, 1, 0]),
        (product(LARGE, (8, 8), depth=16, vector=4, vectors=True), [1, 0, 0, 2]),
        (product(LARGE, (16, 16), depth=64, vector=4, vectors=True), [1, 0, 1, 2]),
    ],
    ids=["depth 8", "depth 32", "registers only", "scalar fetch", "scalar reads", "32 by 32", "too much memory"],
)
def test_shared_tile(answer, points):
    assert earned("shared_tile", answer) == points


def test_the_courses_own_schedules_do_not_fit_the_given_programs():
    with pytest.raises(Exception, match="Cannot find a block with the name: matmul"):
        course_matmul.vectorized_fetch(Schedule(programs.product(*LARGE)))


def test_a_schedule_of_another_program_earns_nothing():
    from mlc_ref.gpu.programs import matmul

    answer = course_matmul.vectorized_fetch(Schedule(matmul(*LARGE)))
    assert earned("shared_tile", answer) == [0, 0, 0, 0]


# Find and repair a race.


@pytest.mark.parametrize(
    ("answer", "points"),
    [
        (two_buffers, [1, 2, 1]),
        (race_left, [1, 0, 0]),
        (wasteful, [1, 2, 0]),
        (without_shared_memory, [1, 2, 0]),
        (one_round_short, [0, 0, 0]),
    ],
    ids=["two buffers", "race left", "barriers to spare", "no shared memory", "one round short"],
)
def test_repair_race(answer, points):
    assert earned("repair_race", answer) == points


def test_the_broken_kernel_earns_nothing_and_is_told_which_threads_miss(notebook):
    report = judge(TASKS["repair_race"], notebook.Broken, np.random.default_rng(7))
    assert report.score == 0
    assert "only 32 of 64 threads reach the barrier" in present(report.results[0].message).en


# Predictions.


def test_predictions_are_judged_one_by_one(notebook):
    wrong = dict(notebook.predicted, add_requests=2**31 // 32, copy_sectors=2**30 // 32 * 32)
    assert earned("predict", wrong) == [0, 0, 1, 1, 1, 1]
    per_warp = dict(notebook.predicted, transpose_conflicts=16384**2 // 32 * 32, matmul_bytes=2.0**33)
    assert earned("predict", per_warp) == [1, 1, 0, 1, 0, 1]
    assert earned("predict", {}) == [0] * 6
    assert earned("predict", dict.fromkeys(notebook.predicted)) == [0] * 6


def test_a_prediction_divided_with_a_single_slash_is_told_so(notebook):
    answer = dict(notebook.predicted, add_requests=2 * 2**31 / 32)
    report = judge(TASKS["predict"], answer, np.random.default_rng(7))
    assert "//" in present(report.results[0].hint).en
    assert [result.earned for result in report.results] == [0, 1, 1, 1, 1, 1]


def test_predictions_scale_what_the_simulator_counts():
    """The formulas of the solution, at sizes the simulator can run."""
    from mlc_ref.gpu import programs as course
    from mlc_ref.gpu.schedules import transpose, vector_add

    def counters(mod, shapes, output):
        return simulate(mod, [np.zeros(s, "float32") for s in shapes], [(output, "float32")]).counters

    n = 2048
    add = vector_add.one_element_a_thread(Schedule(course.vector_add(n)), 256).mod
    assert counters(add, [(n,), (n,)], (n,)).global_load_requests == 2 * n // 32
    copy = vector_add.one_element_a_thread(Schedule(course.strided_copy(n, 3)), block="copy").mod
    assert counters(copy, [(3 * n,)], (n,)).global_load_sectors == n // 32 * 12
    turn = transpose.shared(Schedule(course.transpose(64, 64))).mod
    assert counters(turn, [(64, 64)], (64, 64)).shared_load_conflicts == 64**2 // 32 * 31
    n = 128
    local = course_matmul.local_sum(Schedule(course.matmul(n, n, n))).mod
    assert counters(local, [(n, n)] * 2, (n, n)).global_load_requests == 2 * n**3 // 32
    blocked = course_matmul.shared_blocking(Schedule(course.matmul(n, n, n))).mod
    found = counters(blocked, [(n, n)] * 2, (n, n))
    assert found.global_load_bytes == (n // 64) ** 2 * 2 * 64 * n * 4
    assert found.barriers == (n // 64) ** 2 * (n // 16) * 2


# The grader lets the solutions in.


@pytest.mark.parametrize("name", [name for name, task in TASKS.items() if task.kind == "trace"])
def test_the_grader_accepts_the_trace_of_the_solution(notebook, name):
    import json

    vet_trace(json.dumps(plain_trace(getattr(notebook, SOLUTIONS[name]))))


def test_the_grader_accepts_the_repaired_module(notebook):
    import tvm

    vet_module(tvm.ir.save_json(notebook.Repaired))
