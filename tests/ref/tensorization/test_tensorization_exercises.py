"""The exercises on tensorization: right answers of several styles earn everything; wrong ones what they earned."""

import numpy as np
import pytest
import tvm
from present import present
from solved_notebook import solved_notebook
from tensorization_answers import RIGHT, WRONG, kernel_answer
from tvm.s_tir import Schedule

from mlc_course.exercises.catalog import load_tasks
from mlc_course.exercises.local import judge
from mlc_ref.tensorization import intrinsics, microkernel
from mlc_ref.tensorization.exercise_inputs import kernels, programs
from mlc_ref.tensorization.schedules import int8, tensor_core, toy

TASKS = {task.name: task for task in load_tasks("tensorization")}
POINTS = {
    "describe": [1, 1, 2], "tile_block": [2, 2], "on_toy": [2, 1, 1, 1],
    "with_kernel": [2, 2], "dot8": [2, 1, 1], "cores": [2, 2, 1, 1],
}  # fmt: skip
SOLUTIONS = {
    "describe": "Smmla", "tile_block": "tiled", "on_toy": "accelerated",
    "with_kernel": "with_micro_kernel", "dot8": "dotted", "cores": "on_cores",
}  # fmt: skip


def earned(name, answer):
    report = judge(TASKS[name], answer, np.random.default_rng(7))
    return [result.earned for result in report.results]


@pytest.fixture(scope="module")
def notebook(tmp_path_factory):
    return solved_notebook("tensorization", tmp_path_factory.mktemp("answers"))


@pytest.fixture(autouse=True)
def instructions():
    intrinsics.register_toy()
    intrinsics.register_wmma()
    kernels.register_dot()


def test_points_are_those_the_prompts_state():
    assert {name: [part.points for part in task.parts] for name, task in TASKS.items()} == POINTS


@pytest.mark.parametrize("name", TASKS)
def test_the_solution_in_the_notebook_earns_everything(notebook, name):
    assert earned(name, getattr(notebook, SOLUTIONS[name])) == POINTS[name]


@pytest.mark.parametrize(("name", "make"), RIGHT)
def test_right_answers_earn_everything_however_written(name, make):
    assert earned(name, make()) == POINTS[name]


@pytest.mark.parametrize(("name", "make", "points"), WRONG)
def test_wrong_answers_keep_exactly_what_they_earned(name, make, points):
    assert earned(name, make()) == points


@pytest.mark.parametrize(
    ("schedule", "module"),
    [
        (toy.tensorize_with_memories, lambda: programs.batch(3, 8, 12, 16, microkernel.llvm_ir())),
        (int8.portable, lambda: programs.scores(5, 40, 30, "uint8", "int8", "int32")),
        (tensor_core.tensor_core, lambda: programs.half_batch(2, 64, 96, 32)),
    ],
)
def test_the_schedules_of_the_chapter_do_not_apply_to_the_exercises(schedule, module):
    with pytest.raises(tvm.s_tir.ScheduleError, match="Cannot find a block with the name: matmul"):
        schedule(Schedule(module()))


def test_a_missing_library_is_named_and_nothing_is_run():
    report = judge(TASKS["with_kernel"], kernel_answer(code=False), np.random.default_rng(7))
    assert "found: rank2_4x8" in present(report.results[0].message).en
    assert "pragma_import_llvm" in present(report.results[0].hint).zh
