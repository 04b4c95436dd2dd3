"""Right answers to the exercises on models from frameworks pass however they are written; wrong ones keep what they earned."""

from typing import Any

import numpy as np
import pytest
from frameworks_answers import (
    const,
    explain_by_operator,
    explain_by_path,
    explain_each_use,
    explain_first_only,
    explain_first_use,
    explain_in_chinese,
    explain_loudly,
    explain_sorted,
    explain_under_a_heading,
    gate_first,
    gate_in_one_program,
    gate_in_steps,
    gate_negated_twice,
    gate_of_operators,
    gate_on_the_wrong_product,
    gate_with_a_bias_for_each,
    gate_with_products_for_show,
    gate_without_bias,
    gelu_in_numpy,
    gelu_in_the_input,
    gelu_of_nothing,
    gelu_of_relax,
    gelu_program,
    layer,
    minimum_swish,
    relu6_swish,
    residual,
    residual_fixed_batch,
    right_mean,
    right_swish,
    summed_mean,
    with_table,
)
from tvm import relax, te

from mlc_course.exercises.catalog import load_exercise, load_tasks
from mlc_course.exercises.local import judge
from mlc_ref.frameworks.exercise_inputs import difference_from_torch, residual_graph, residual_network
from mlc_ref.frameworks.networks import export_network
from mlc_ref.frameworks.plain_graphs import import_graph, plain_graph

TASKS = {task.name: task for task in load_tasks("frameworks")}
POINTS = {
    "bias_gelu": [1, 2, 2], "gated_layer": [1, 2, 2], "two_operators": [1, 1, 1, 2],
    "clear_error": [1, 2, 2], "residual_block": [1, 2, 1, 1],
}  # fmt: skip
SOLUTIONS = {
    "bias_gelu": "matmul_bias_gelu", "gated_layer": "GatedLayer", "two_operators": "import_more",
    "clear_error": "explain", "residual_block": "import_residual",
}  # fmt: skip


def report(name, answer):
    return judge(TASKS[name], answer, np.random.default_rng(7))


def earned(name, answer):
    return [result.earned for result in report(name, answer).results]


@pytest.fixture(scope="module")
def notebook():
    """Names of the exercise's notebook with its solutions."""
    cells = [c.source for c in load_exercise("frameworks").cells if c.role in ("setup", "answer")]
    names: dict[str, Any] = {}
    exec("\n\n".join(cells), names)
    return names


# Matrix product, bias and GELU.


# A module with the builder.


# Two more operators.


# A clear error.


# A residual block.


RIGHT = [
    ("bias_gelu", gelu_program()),
    ("bias_gelu", gelu_program(stored=True, inline=True)),
    ("bias_gelu", lambda n, k, m: gelu_program()(n, k, m)["main"]),
    ("gated_layer", layer(gate_in_steps)),
    ("gated_layer", layer(gate_first)),
    ("gated_layer", layer(gate_with_a_bias_for_each)),
    ("two_operators", with_table(**right_swish, **right_mean)),
    ("two_operators", with_table(aten__hardswish__default=relu6_swish, **right_mean)),
    ("two_operators", with_table(aten__hardswish__default=minimum_swish, aten__mean__dim=summed_mean)),
    ("clear_error", explain_by_operator),
    ("clear_error", explain_in_chinese),
    ("clear_error", explain_by_path),
    ("residual_block", residual()),
    ("residual_block", residual(silu=lambda x: relax.op.multiply(x, relax.op.sigmoid(x)))),
]
WRONG = [
    ("bias_gelu", gelu_program(stored=True), [1, 0, 2]),
    ("bias_gelu", gelu_program(bias=False), [1, 2, 0]),
    ("bias_gelu", gelu_program(lambda s: s * te.sigmoid(const(1.702) * s)), [1, 2, 0]),
    ("bias_gelu", gelu_program(swapped=True), [0, 0, 0]),
    ("bias_gelu", gelu_program(fixed=True), [0, 0, 0]),
    ("bias_gelu", gelu_of_nothing, [1, 0, 0]),
    ("bias_gelu", gelu_in_the_input, [1, 0, 0]),
    ("bias_gelu", gelu_in_numpy, [0, 0, 0]),
    ("bias_gelu", gelu_of_relax, [0, 0, 0]),
    ("gated_layer", layer(gate_on_the_wrong_product), [1, 2, 0]),
    ("gated_layer", layer(gate_without_bias), [1, 2, 0]),
    ("gated_layer", layer(gate_in_one_program), [1, 0, 2]),
    ("gated_layer", layer(gate_with_products_for_show), [1, 0, 2]),
    ("gated_layer", layer(gate_negated_twice), [1, 0, 2]),
    ("gated_layer", layer(gate_of_operators), [1, 0, 2]),
    ("gated_layer", layer(gate_first, rows=5), [0, 2, 0]),
    ("gated_layer", None, [0, 0, 0]),
    ("two_operators", import_graph, [0, 0, 0, 0]),
    ("two_operators", with_table(**right_swish), [1, 0, 0, 0]),
    ("two_operators", with_table(**right_mean), [0, 1, 1, 0]),
    ("two_operators", with_table(**right_swish, aten__mean__dim=lambda x, axes, *_: relax.op.mean(x, axes)),
     [1, 1, 0, 0]),
    ("two_operators", with_table(**right_mean, aten__hardswish__default=lambda x: x * relax.op.clip(x, 0, 6)),
     [0, 1, 1, 0]),
    ("two_operators", lambda graph: np.zeros(3), [0, 0, 0, 0]),
    ("clear_error", explain_first_only, [1, 0, 0]),
    ("clear_error", explain_under_a_heading, [1, 0, 2]),
    ("clear_error", explain_each_use, [1, 0, 0]),
    ("clear_error", explain_sorted, [1, 0, 2]),
    ("clear_error", explain_first_use, [1, 2, 0]),
    ("clear_error", explain_loudly, [0, 2, 2]),
    ("clear_error", lambda graph, supported: "", [0, 0, 0]),
    ("residual_block", residual(bind=False), [0, 0, 0, 0]),
    ("residual_block", residual(epsilon=1e-5), [1, 2, 0, 1]),
    ("residual_block", residual(affine_only=True), [1, 2, 1, 0]),
    ("residual_block", residual(groups=1), [1, 0, 0, 0]),
    ("residual_block", residual_fixed_batch, [0, 0, 0, 0]),
    ("residual_block", lambda graph, weights: import_graph(graph), [0, 0, 0, 0]),
]  # fmt: skip


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


def test_messages_name_what_was_stored_and_which_operator_lacks_a_place():
    results = report("bias_gelu", gelu_program(stored=True)).results
    assert "at most one allocated buffer, of 1 elements; found: matmul (1), s (1)" in results[1].message.en
    results = report("clear_error", explain_first_use).results
    assert "aten." in results[2].message.en.split("where: ")[1]


def test_a_line_too_many_is_shown_and_none_is_no_text():
    results = report("clear_error", explain_under_a_heading).results
    assert "found: (Not supported:), aten." in results[1].message.en
    results = report("clear_error", lambda graph, supported: explain_by_operator(graph, supported) or None).results
    assert results[0].earned == 0
    assert '"\\n".join(lines)' in results[0].hint.zh


@pytest.mark.parametrize("options", [{}, {"affine": False, "stride": 1, "epsilon": 0.5}])
def test_the_practice_graph_is_what_pytorch_exports(options):
    program = export_network(residual_network(3, 4, 2, **options), (2, 3, 7, 6), symbolic_batch=True)
    exported, written = plain_graph(program), residual_graph(3, 4, 2, **options)
    symbol = exported["inputs"][0]["shape"][0]
    written["inputs"][0]["shape"][0] = symbol
    assert _with_defaults(exported) == _with_defaults(written)


def _with_defaults(graph):
    """PyTorch leaves out trailing arguments that have their default value."""
    for node in graph["nodes"]:
        defaults = {"aten.conv2d.default": [None, [1, 1], [0, 0]]}.get(node["operator"], [])
        node["args"] += defaults[len(node["args"]) - 2 :]
    return graph


def test_an_import_of_the_practice_network_matches_pytorch(notebook):
    assert difference_from_torch(notebook["import_residual"]) < 1e-5
    assert difference_from_torch(residual(epsilon=0.1)) > 1e-3
