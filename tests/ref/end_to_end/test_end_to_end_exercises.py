"""Right answers to the exercises on end-to-end execution pass however they are written; wrong ones keep what they earned."""

import functools

import numpy as np
import pytest
import tvm
from end_to_end_answers import (
    IN_TURN,
    OTHER_TURN,
    PAIRS,
    LeanWithoutDataflow,
    another_square,
    any_size,
    conv_net,
    deployed,
    ensemble,
    file_invented,
    forged,
    in_numpy,
    kept_the_old_program,
    layers,
    one_weight_at_a_time,
    only_scores,
    own_library,
    pipeline_with,
    result_only,
    rewritten,
    run_library,
    scores_in_numpy_float64,
    text_and_numpy,
    unchanged_pipeline,
    unused_call,
    with_the_chapters_function,
    without_the_square,
)
from solved_notebook import solved_notebook
from tvm import relax, tirx

from mlc_course.exercises.catalog import load_tasks
from mlc_course.exercises.local import judge
from mlc_ref.end_to_end import libraries
from mlc_ref.end_to_end.exercise_inputs.programs import Ensemble
from mlc_ref.end_to_end.exercise_inputs.scorers import scorer
from mlc_ref.end_to_end.memory import memory_plan
from mlc_ref.end_to_end.models import cnn_module
from mlc_ref.end_to_end.programs import MLP, SymbolicMLP

TASKS = {task.name: task for task in load_tasks("end_to_end")}
POINTS = {
    "two_layer": [1, 2, 2], "any_rows": [1, 2, 2], "from_library": [2, 1, 2],
    "deploy": [2, 1, 2], "conv_network": [1, 2, 3], "less_memory": [1, 2, 2],
}  # fmt: skip
SOLUTIONS = {
    "two_layer": "TwoLayer", "any_rows": "AnyRows", "from_library": "run_with_library",
    "deploy": "deploy", "conv_network": "ConvNet", "less_memory": "Lean",
}  # fmt: skip


def report(name, answer):
    return judge(TASKS[name], answer, np.random.default_rng(7))


def earned(name, answer):
    return [result.earned for result in report(name, answer).results]


@pytest.fixture(scope="module")
def notebook(tmp_path_factory):
    return solved_notebook("end_to_end", tmp_path_factory.mktemp("answers"), ("setup", "answer"))


def number():
    return tirx.Var("rows", "int64")


RIGHT = [
    ("two_layer", layers(3)),
    ("two_layer", layers(3, split=True)),
    ("two_layer", relax.transform.BindSymbolicVars({"rows": 3}, "main")(any_size(rows="rows"))),
    ("any_rows", any_size()),
    ("any_rows", any_size(rows="batch")),
    ("from_library", rewritten),
    ("from_library", functools.partial(run_library, pipeline_with(["project"]))),
    ("deploy", deployed),
    ("deploy", with_the_chapters_function),
    ("deploy", one_weight_at_a_time),
    ("conv_network", conv_net(number())),
    ("conv_network", relax.transform.LegalizeOps()(conv_net(number(), operators=True))),
    ("less_memory", ensemble(IN_TURN)),
    ("less_memory", ensemble(OTHER_TURN)),
    ("less_memory", LeanWithoutDataflow),
]
WRONG = [
    ("two_layer", layers(3, high=3.4e38), [1, 2, 0]),
    ("two_layer", layers(3, k=19), [1, 2, 0]),
    ("two_layer", layers(3, operators=True), [1, 0, 2]),
    ("two_layer", layers(3, dataflow=False), [1, 0, 2]),
    ("two_layer", layers(4), [0, 2, 0]),
    ("two_layer", MLP, [0, 0, 0]),
    ("two_layer", None, [0, 0, 0]),
    ("any_rows", layers(3), [0, 0, 0]),
    ("any_rows", layers(number()), [1, 0, 2]),
    ("any_rows", any_size("relu"), [1, 2, 0]),
    ("any_rows", SymbolicMLP, [0, 0, 0]),
    ("from_library", unchanged_pipeline, [0, 1, 0]),
    ("from_library", kept_the_old_program, [0, 1, 2]),
    ("from_library", in_numpy, [2, 1, 0]),
    ("from_library", own_library, [2, 1, 0]),
    ("from_library", without_the_square, [0, 1, 0]),
    ("from_library", text_and_numpy, [0, 0, 0]),
    ("from_library", another_square, [2, 0, 0]),
    ("from_library", unused_call, [0, 1, 0]),
    ("from_library", result_only, [0, 0, 0]),
    ("deploy", functools.partial(deployed, bind=False), [0, 0, 2]),
    ("deploy", functools.partial(deployed, export_unbound=True), [2, 0, 2]),
    ("deploy", functools.partial(deployed, order="scale"), [0, 0, 0]),
    ("deploy", file_invented, [2, 0, 0]),
    ("deploy", scores_in_numpy_float64, [2, 1, 0]),
    ("deploy", only_scores, [0, 0, 0]),
    ("deploy", forged, [2, 0, 0]),
    ("conv_network", conv_net(4), [0, 2, 0]),
    ("conv_network", conv_net(number(), divisor=11.0), [1, 2, 0]),
    ("conv_network", conv_net(number(), relu=False), [1, 2, 0]),
    ("conv_network", conv_net(number(), bias=False), [1, 2, 0]),
    ("conv_network", conv_net(number(), maximum=True, divisor=1.0), [1, 2, 0]),
    ("conv_network", conv_net(number(), operators=True), [1, 0, 3]),
    ("conv_network", cnn_module(), [0, 0, 0]),
    ("less_memory", Ensemble, [1, 0, 0]),
    ("less_memory", ensemble(PAIRS), [1, 2, 0]),
    ("less_memory", ensemble(IN_TURN, drop=True), [0, 2, 2]),
    ("less_memory", ensemble(IN_TURN, dead=True), [0, 0, 0]),
    ("less_memory", relax.get_pipeline("zero")(Ensemble), [1, 0, 0]),
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


def test_the_bounds_leave_room_for_the_solution_and_none_for_the_given_graph(notebook):
    plans = [sum(memory_plan(mod).storages) for mod in (notebook.Lean, ensemble(PAIRS), Ensemble)]
    assert plans == [4 * 3072, 5 * 3072, 7 * 3072]
    assert plans[0] < 13000 < plans[1] < 16000 < plans[2]


def test_a_float64_weight_bound_as_it_came_is_named(notebook):
    def careless(mod, weights, x):
        right = deployed(mod, weights, x)
        right["module"] = scorer_with_constants(weights)
        return right

    result = report("deploy", careless).results[0]
    assert result.earned == 0
    assert "scale as a float32 constant" in result.message.en
    assert result.hint.zh == "传入的权重是 float64，参数是 float32。"


def scorer_with_constants(weights):
    """A function of ``x`` alone that holds the weights as float64 constants."""
    x = relax.Var("x", relax.TensorType((2, weights["w"].shape[1]), "float64"))
    builder = relax.BlockBuilder()
    with builder.function("classify", [x]):
        scaled = builder.emit(relax.op.multiply(x, relax.const(weights["scale"], "float64")))
        builder.emit_func_output(scaled)
    return builder.finalize()


def test_messages_say_what_was_found_in_both_languages():
    first, structure, _ = report("two_layer", layers(3, operators=True)).results
    assert first.message is None
    assert "relax.matmul" in structure.message.en
    assert structure.message.zh.startswith("期望：relax.call_tir")
    signature = report("any_rows", layers(3)).results[0].message.en
    assert "float32 (n0, 20)" in signature
    assert "float32 (3, 20)" in signature
    wrong_layer = report("from_library", unchanged_pipeline).results[0].message.en
    assert "call_dps_packed(lab.linear)" in wrong_layer
    assert "call_tir(project)" in wrong_layer
    concatenated = report("less_memory", ensemble(IN_TURN, dead=True)).results[1].message.en
    assert "relax.matmul 1/5" in concatenated


def test_a_scorer_of_any_size_computes_what_its_docstring_says():
    rng = np.random.default_rng(3)
    x, scale, w, b = (rng.normal(size=s).astype("float32") for s in ((4, 6), (6,), (2, 6), (2,)))
    machine = relax.VirtualMachine(tvm.compile(scorer(6, 2), "llvm"), tvm.cpu())
    found = machine["classify"](*map(tvm.runtime.tensor, (x, scale, w, b))).numpy()
    assert np.allclose(found, np.tanh((x * scale) @ w.T + b), atol=1e-5)


def test_a_scorer_ends_in_one_of_the_activations_it_knows():
    with pytest.raises(ValueError, match="got 'gelu', allowed tanh, sigmoid, relu"):
        scorer(6, 2, "gelu")


def test_the_scaled_library_function_multiplies_the_linear_one():
    x, w, b = (tvm.runtime.tensor(np.ones(s, "float32")) for s in ((2, 3), (4, 3), (4,)))
    y = tvm.runtime.empty((2, 4), "float32")
    libraries.scaled_linear(x, w, b, y, scale=2.5)
    assert np.array_equal(y.numpy(), np.full((2, 4), 10, "float32"))
