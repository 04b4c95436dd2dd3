"""Right answers to the exercises on tensor programs pass however they are written; wrong ones keep what they earned."""

import numpy as np
import pytest
from present import present
from softmax_and_matmul_answers import (
    from_one,
    matmul_inner_row,
    sizes,
    softmax_by_logarithm,
    softmax_two_blocks,
    te_matmul,
    te_softmax,
)
from solved_notebook import solved_notebook
from tensor_program_answers import (
    add_by_library,
    add_copied_first,
    add_fused_loop,
    add_in_float64,
    add_into_input,
    add_last_row_missing,
    add_padded_loop,
    add_without_blocks,
    conv_decomposed,
    conv_gathered,
    conv_without_start,
    max_from,
    pool_flat_window,
    pool_rows_then_columns,
    strided,
    sum_domains_repaired_only,
    sum_guarded,
    sum_in_one_block,
    sum_kinds_repaired_only,
    sum_with_init_block,
    te_broadcast,
    te_conv,
    te_pool,
)
from tvm import te
from tvm.script import tirx as T

from mlc_course.exercises.catalog import load_exercise, load_tasks
from mlc_course.exercises.local import judge

TASKS = {task.name: task for task in load_tasks("tensor_programs")}
POINTS = {
    "broadcast_add": [1, 2], "repair_axes": [1, 1, 2], "conv2d_stride": [2, 3],
    "max_pool": [1, 2, 2], "softmax_blocks": [2, 2, 1], "symbolic_matmul": [2, 3],
}  # fmt: skip
SOLUTIONS = {
    "broadcast_add": "BroadcastAdd", "repair_axes": "Repaired", "conv2d_stride": "Conv2d",
    "max_pool": "MaxPool", "softmax_blocks": "Softmax", "symbolic_matmul": "SymbolicMatmul",
}  # fmt: skip


def earned(name, answer):
    report = judge(TASKS[name], answer, np.random.default_rng(7))
    return [result.earned for result in report.results]


@pytest.fixture(scope="module")
def notebook(tmp_path_factory):
    return solved_notebook("tensor_programs", tmp_path_factory.mktemp("answers"))


RIGHT = [
    ("broadcast_add", add_fused_loop),
    ("broadcast_add", add_copied_first),
    ("broadcast_add", add_padded_loop),
    ("broadcast_add", te_broadcast(lambda a, b: a + b)),
    ("repair_axes", sum_in_one_block),
    ("repair_axes", sum_with_init_block),
    ("conv2d_stride", te_conv(strided)),
    ("conv2d_stride", conv_decomposed()),
    ("conv2d_stride", conv_gathered),
    ("max_pool", te_pool(te.max)),
    ("max_pool", te_pool(max_from(float("-inf")))),
    ("max_pool", pool_rows_then_columns),
    ("max_pool", pool_flat_window),
    ("softmax_blocks", te_softmax()),
    ("softmax_blocks", te_softmax(stored=True)),
    ("softmax_blocks", softmax_by_logarithm),
    ("symbolic_matmul", matmul_inner_row),
    ("symbolic_matmul", te_matmul(*sizes())),
    ("symbolic_matmul", te_matmul(*sizes("int32"))),
]
WRONG = [
    ("broadcast_add", te_broadcast(lambda a, b: a - b), [1, 0]),
    ("broadcast_add", add_last_row_missing, [0, 0]),
    ("broadcast_add", te_broadcast(lambda a, b: a + b, swapped=True), [0, 0]),
    ("broadcast_add", None, [0, 0]),
    ("broadcast_add", add_without_blocks, [0, 2]),
    ("broadcast_add", add_into_input, [0, 2]),
    ("broadcast_add", add_in_float64, [0, 0]),
    ("repair_axes", sum_kinds_repaired_only, [1, 0, 0]),
    ("repair_axes", sum_domains_repaired_only, [0, 1, 0]),
    ("repair_axes", sum_guarded, [0, 1, 2]),
    ("conv2d_stride", te_conv(lambda y, x, h, w: (y + h, x + w)), [2, 0]),
    ("conv2d_stride", te_conv(lambda y, x, h, w: (y * 2 + 2 - h, x * 2 + 1 - w)), [2, 0]),
    ("conv2d_stride", te_conv(strided, channels=2), [2, 0]),
    ("conv2d_stride", conv_without_start, [0, 0]),
    ("max_pool", te_pool(max_from(0)), [1, 2, 0]),
    ("max_pool", te_pool(max_from(-1e30)), [1, 2, 0]),
    ("max_pool", te_pool(te.max, window=2), [1, 0, 0]),
    ("max_pool", te_pool(te.min), [1, 0, 0]),
    ("softmax_blocks", softmax_two_blocks, [0, 2, 0]),
    ("softmax_blocks", te_softmax(shift=False), [2, 2, 0]),
    ("softmax_blocks", te_softmax(axis=0), [2, 0, 0]),
    ("softmax_blocks", te_softmax(divide=False), [2, 0, 0]),
    ("symbolic_matmul", te_matmul(4, 4, 4), [0, 0]),
    ("symbolic_matmul", te_matmul(*sizes(), transposed=True), [0, 0]),
    ("symbolic_matmul", te_matmul(*sizes(), reducer=from_one), [2, 0]),
]


def test_points_are_those_the_prompts_state():
    assert {name: [part.points for part in task.parts] for name, task in TASKS.items()} == POINTS


@pytest.mark.parametrize("name", TASKS)
def test_the_solution_in_the_notebook_earns_everything(notebook, name):
    assert earned(name, getattr(notebook, SOLUTIONS[name])) == POINTS[name]


@pytest.mark.parametrize(("name", "answer"), RIGHT)
def test_right_answers_earn_everything_however_written(name, answer):
    assert earned(name, answer) == POINTS[name]


@pytest.mark.parametrize(("name", "answer", "points"), WRONG)
def test_wrong_answers_keep_exactly_what_they_earned(name, answer, points):
    assert earned(name, answer) == points


def test_the_broken_program_earns_nothing(notebook):
    assert earned("repair_axes", notebook.Broken) == [0, 0, 0]


@T.prim_func(s_tir=True)
def add_without_a_block(
    A: T.Buffer((3, 1, 4), "float32"), B: T.Buffer((5, 1), "float32"), C: T.Buffer((3, 5, 4), "float32")
):
    for i, j, k in T.grid(3, 5, 4):
        C[i, j, k] = A[i, 0, k] + B[j, 0]


def test_the_prompt_says_that_computations_stand_in_blocks():
    assert earned("broadcast_add", add_without_a_block) == [0, 2]
    english, chinese = (cell.source for cell in load_exercise("tensor_programs").cells if "blocks and parameters* means" in
                        cell.source or "“块与参数”指的是" in cell.source)  # fmt: skip
    assert "stands in a block (`T.sblock`)" in english
    assert "写在块（`T.sblock`）中" in chinese


def test_a_call_of_a_library_function_is_refused_by_name():
    report = judge(TASKS["broadcast_add"], add_by_library, np.random.default_rng(7))
    assert report.results[0].earned == 0
    assert "found: fabsf" in present(report.results[0].message).en


def test_what_is_missing_is_said_with_a_hint_in_both_languages():
    messages = {
        add_without_blocks: ("blocks: at least 1", "with T.sblock(name)", "块轴绑定到循环"),
        add_into_input: ("no parameter but C written; found: A, C", "T.sblock_alloc_buffer", "输入归调用者所有"),
    }
    for answer, (message, hint, chinese) in messages.items():
        result = judge(TASKS["broadcast_add"], answer, np.random.default_rng(7)).results[0]
        assert message in present(result.message).en
        assert hint in present(result.hint).en
        assert chinese in present(result.hint).zh
    numbers = judge(TASKS["conv2d_stride"], conv_without_start, np.random.default_rng(7)).results[1]
    assert "began with what lay in memory" in present(numbers.hint).en


def test_messages_name_the_block_and_the_axis_in_both_languages(notebook):
    results = judge(TASKS["repair_axes"], notebook.Broken, np.random.default_rng(7)).results
    assert present(results[0].message).en == "expected: axis vi declared as spatial; found: reduction; where: block 'y'"
    assert present(results[0].message).zh == "期望：轴 vi 声明为空间轴；实际：规约轴；位置：块 'y'"
    assert "30 of 35 points; never vi = 0, vk = 6" in present(results[1].message).en
