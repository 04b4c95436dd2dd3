"""Right answers to the exercises on graph optimization pass however written; wrong ones keep what they earned."""

from typing import Any

import numpy as np
import pytest
from graph_optimization_answers import (
    STEPS,
    TVM_CSE,
    behind_a_call,
    by_pattern,
    cleaned,
    doubled_again_and_again,
    fixed,
    folded_by_tvm,
    folded_by_walk,
    layers_by_pattern,
    legalized_after_grouping,
    nothing,
    of_zeros,
    pipelined,
    sub_functions_by_hand,
    three_operators,
    unchanged,
    with_a_part_missing,
)
from tvm import relax
from tvm.relax import transform

from mlc_course.exercises.catalog import load_exercise, load_tasks
from mlc_course.exercises.local import judge
from mlc_ref.end_to_end.deploy import run_graph
from mlc_ref.end_to_end.graph import callees
from mlc_ref.graph_optimization import passes
from mlc_ref.graph_optimization.exercise_inputs import Sketch, gated_network
from mlc_ref.graph_optimization.lowering import legalize_and_fuse
from mlc_ref.graph_optimization.multiply_add import rewrite_multiply_add
from mlc_ref.graph_optimization.operator_fusion import fuse_linear
from mlc_ref.graph_optimization.patterns import fuse_linear_by_pattern

TASKS = {task.name: task for task in load_tasks("graph_optimization")}
POINTS = {
    "multiply_subtract": [2, 2, 1], "fuse_layers": [2, 3, 1], "prune": [2, 2, 1], "fold_sums": [2, 2, 2],
    "fuse_pattern": [2, 2, 1], "lower_to_one": [3, 2], "pipeline": [2, 2, 1],
}  # fmt: skip


def report(name, answer):
    return judge(TASKS[name], answer, np.random.default_rng(7))


def earned(name, answer):
    return [result.earned for result in report(name, answer).results]


@pytest.fixture(scope="module")
def notebook():
    """Names of the exercise's notebook with its solutions."""
    cells = [c.source for c in load_exercise("graph_optimization").cells if c.role in ("setup", "answer")]
    names: dict[str, Any] = {}
    exec("\n\n".join(cells), names)
    return names


# A product and a difference.


# Layers.


# Dead code.


# Constants.


# One program.


# Pipelines.


RIGHT = [
    ("multiply_subtract", by_pattern()),
    ("fuse_layers", layers_by_pattern()),
    ("fuse_layers", sub_functions_by_hand("Primitive")),
    ("prune", cleaned()),
    ("prune", cleaned(typed=False)),
    ("fold_sums", folded_by_walk()),
    ("fold_sums", folded_by_walk(named=True)),
    ("fuse_pattern", layers_by_pattern(both=True)),
    ("fuse_pattern", sub_functions_by_hand("Composite")),
    ("lower_to_one", legalized_after_grouping),
    ("pipeline", pipelined(TVM_CSE, transform.DeadCodeElimination(), *STEPS, passes.MergeLoops)),
    ("pipeline", pipelined(passes.EliminateDeadCode, passes.EliminateCommonSubexpressions, *STEPS, passes.MergeLoops)),
]
WRONG = [
    ("multiply_subtract", unchanged, [0, 0, 0]),
    ("multiply_subtract", nothing, [0, 0, 0]),
    ("multiply_subtract", rewrite_multiply_add, [0, 0, 0]),
    ("multiply_subtract", transform.LegalizeOps(), [0, 0, 0]),
    ("multiply_subtract", by_pattern(single=False), [2, 0, 1]),
    ("multiply_subtract", by_pattern(shapes=False), [2, 0, 1]),
    ("multiply_subtract", by_pattern(both_sides=True), [2, 0, 1]),
    ("multiply_subtract", by_pattern(factors=False), [2, 0, 1]),
    ("multiply_subtract", by_pattern(sign=-1), [2, 2, 0]),
    ("multiply_subtract", by_pattern(clean=False), [2, 2, 1]),
    ("fuse_layers", unchanged, [0, 0, 0]),
    ("fuse_layers", three_operators, [0, 0, 0]),
    ("fuse_layers", fuse_linear_by_pattern, [0, 0, 0]),
    ("fuse_layers", sub_functions_by_hand(), [0, 3, 1]),
    ("fuse_layers", layers_by_pattern(check=False), [2, 0, 1]),
    ("fuse_layers", layers_by_pattern(vector=False), [2, 0, 1]),
    ("fuse_layers", layers_by_pattern(both=True), [2, 0, 1]),
    ("prune", unchanged, [0, 0, 0]),
    ("prune", lambda mod, pure: transform.DeadCodeElimination()(mod), [0, 0, 0]),
    ("prune", lambda mod, pure: passes.EliminateDeadCode(mod), [0, 0, 0]),
    ("prune", cleaned(order="single pass"), [0, 0, 0]),
    ("prune", doubled_again_and_again, [0, 0, 0]),
    ("prune", cleaned(effects=False), [2, 0, 1]),
    ("fold_sums", unchanged, [0, 0, 0]),
    ("fold_sums", folded_by_tvm, [0, 0, 0]),
    ("fold_sums", fixed, [0, 0, 0]),
    ("fold_sums", lambda mod: passes.FoldConstants(mod), [0, 0, 0]),
    ("fold_sums", folded_by_walk(swapped=False), [0, 0, 0]),
    ("fold_sums", folded_by_walk(combine=np.subtract), [2, 2, 0]),
    ("fuse_pattern", unchanged, [0, 0, 0]),
    ("fuse_pattern", fuse_linear, [0, 0, 0]),
    ("fuse_pattern", layers_by_pattern(both=True, check=False), [2, 0, 1]),
    ("fuse_pattern", layers_by_pattern(both=True, names=("a", "b")), [0, 2, 1]),
    ("fuse_pattern", layers_by_pattern(both=True, reverse=True), [0, 0, 0]),
    ("lower_to_one", unchanged, [0, 0]),
    ("lower_to_one", transform.LegalizeOps(), [0, 0]),
    ("lower_to_one", relax.get_pipeline("zero"), [0, 0]),
    ("lower_to_one", of_zeros, [0, 0]),
    ("lower_to_one", with_a_part_missing(legalized_after_grouping), [3, 0]),
    ("pipeline", unchanged, [0, 0, 0]),
    ("pipeline", of_zeros, [0, 0, 0]),
    ("pipeline", behind_a_call, [0, 0, 0]),
    ("pipeline", passes.optimize(), [0, 0, 0]),
    ("pipeline", relax.get_pipeline("zero"), [0, 0, 0]),
    ("pipeline", pipelined(passes.simplify(), legalize_and_fuse()), [0, 0, 0]),
    ("pipeline", pipelined(legalize_and_fuse(), passes.MergeLoops), [2, 0, 1]),
    # Two constants of equal values are not taken for one.
    ("pipeline", pipelined(passes.simplify(), legalize_and_fuse(), passes.MergeLoops), [2, 0, 1]),
]


def test_points_are_those_the_prompts_state():
    assert {name: [part.points for part in task.parts] for name, task in TASKS.items()} == POINTS


@pytest.mark.parametrize("name", TASKS)
def test_the_solution_in_the_notebook_earns_everything(notebook, name):
    assert earned(name, notebook[name]) == POINTS[name]


@pytest.mark.parametrize(("name", "answer"), RIGHT)
def test_right_answers_earn_everything_however_written(name, answer):
    assert earned(name, answer) == POINTS[name]


@pytest.mark.parametrize(("name", "answer", "points"), WRONG)
def test_wrong_answers_keep_exactly_what_they_earned(name, answer, points):
    assert earned(name, answer) == points


def test_the_message_names_the_case_that_must_stay():
    _, left, _ = report("multiply_subtract", by_pattern(single=False)).results
    assert "a product read twice" in str(left.message.en)
    assert "被读取两次的乘积" in str(left.message.zh)


def test_a_sketch_means_in_numpy_what_its_module_computes():
    sketch = gated_network(4, 6, 8, 3)
    arrays = sketch.arrays(np.random.default_rng(0))
    assert np.allclose(run_graph(sketch.module(), *arrays), sketch.oracle(*arrays), atol=1e-5)


def test_a_sketch_can_return_several_values_and_call_libraries():
    sketch = Sketch({"x": (3,)}, ["y = R.exp(x)", '_ = R.call_packed("lab.f", y, ty_args=R.Tuple)'], "y, x", pure=False)
    assert callees(sketch.module()) == ["relax.exp", "lab.f"]
    assert len(sketch.module()["main"].body.body.fields) == 2
