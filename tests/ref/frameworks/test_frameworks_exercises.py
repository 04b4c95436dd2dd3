"""Right answers to the exercises on models from frameworks pass however they are written; wrong ones keep what they earned."""

import numpy as np
import pytest
import tvm
from tvm import relax, te, tirx, topi

from mlc_course.exercises.catalog import load_exercise, load_tasks
from mlc_course.exercises.local import judge
from mlc_ref.end_to_end.models import bind_weights
from mlc_ref.frameworks import tensor_expressions as expressions
from mlc_ref.frameworks.exercise_inputs import difference_from_torch, residual_graph, residual_network
from mlc_ref.frameworks.networks import export_network
from mlc_ref.frameworks.operators import CONVERTERS
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
    names = {}
    exec("\n\n".join(cells), names)
    return names


def const(value):
    return tirx.const(value, "float32")


def tanh_gelu(s):
    return const(0.5) * s * (const(1) + te.tanh(const(0.7978845608028654) * (s + const(0.044715) * s * s * s)))


# Matrix product, bias and GELU.


def gelu_program(gelu=tanh_gelu, *, stored=False, inline=False, bias=True, swapped=False, fixed=False):
    def make(n, k, m):
        n, k, m = (5, 7, 3) if fixed else (n, k, m)
        x, w, b = (te.placeholder(shape, name=f"p{i}") for i, shape in enumerate([(n, k), (k, m), (m,)]))
        s = expressions.matmul(x, w)
        if stored:
            s = te.compute((n, m), lambda i, j: s[i, j] + (b[j] if bias else 0), name="s")
            y = te.compute((n, m), lambda i, j: gelu(s[i, j]), name="y")
        else:
            y = te.compute((n, m), lambda i, j: gelu(s[i, j] + (b[j] if bias else const(0))), name="y")
        func = te.create_prim_func([x, w, y, b] if swapped else [x, w, b, y])
        if not inline:
            return tvm.IRModule({"main": func})
        schedule = tvm.s_tir.Schedule(func)
        schedule.compute_inline(schedule.get_sblock("s"))
        return schedule.mod

    return make


def gelu_in_numpy(n, k, m):
    return np.zeros((n, m), "float32")


def gelu_of_nothing(n, k, m):
    arrays = [te.placeholder(shape, name=f"p{i}") for i, shape in enumerate([(n, k), (k, m), (m,)])]
    return tvm.IRModule({"main": te.create_prim_func([*arrays, te.compute((n, m), lambda i, j: const(0), name="y")])})


def gelu_in_the_input(n, k, m):
    """Uses the array of the bias as a place to store in."""
    text = f"""
@T.prim_func(s_tir=True)
def main(X: T.Buffer(({n}, {k}), "float32"), W: T.Buffer(({k}, {m}), "float32"), B: T.Buffer(({m},), "float32"), Y: T.Buffer(({n}, {m}), "float32")):
    for i, j, r in T.grid({n}, {m}, {k}):
        with T.sblock("product"):
            B[j] = B[j] + X[i, r] * W[r, j]
            Y[i, j] = B[j]
"""
    return tvm.IRModule({"main": tvm.script.from_source(text)})


def gelu_of_relax(n, k, m):
    x, w, b = (relax.Var(v, relax.TensorType(s, "float32")) for v, s in zip("xwb", [(n, k), (k, m), (m,)], strict=True))
    builder = relax.BlockBuilder()
    with builder.function("main", [x, w, b]):
        s = builder.emit(relax.op.add(relax.op.matmul(x, w), b))
        builder.emit_func_output(builder.emit(relax.op.nn.gelu_tanh(s)))
    return builder.finalize()


# A module with the builder.


def layer(body, rows=None):
    n = tirx.Var("rows", "int64") if rows is None else rows
    shapes = [(n, 16), (16, 8), (16, 8), (8,)]
    params = [relax.Var(f"p{i}", relax.TensorType(shape, "float32")) for i, shape in enumerate(shapes)]
    builder = relax.BlockBuilder()
    with builder.function("main", params):
        with builder.dataflow():
            result = builder.emit_output(body(builder, *params))
        builder.emit_func_output(result)
    return builder.finalize()


def gate_in_steps(builder, x, w, v, b):
    value, gate = (builder.emit_te(topi.matmul, x, each) for each in (w, v))
    value, gate = builder.emit_te(topi.add, value, b), builder.emit_te(topi.sigmoid, gate)
    return builder.call_te(topi.multiply, value, gate)


def gate_first(builder, x, w, v, b):
    gate, value = (builder.emit_te(expressions.matmul, x, each) for each in (v, w))
    return builder.call_te(lambda g, y, c: topi.multiply(topi.sigmoid(g), topi.add(y, c)), gate, value, b)


def gate_on_the_wrong_product(builder, x, w, v, b):
    return gate_first(builder, x, v, w, b)


def gate_without_bias(builder, x, w, v, b):
    value, gate = (builder.emit_te(topi.matmul, x, each) for each in (w, v))
    return builder.call_te(lambda y, g: topi.multiply(y, topi.sigmoid(g)), value, gate)


def gate_in_one_program(builder, x, w, v, b):
    def everything(x, w, v, b):
        return topi.multiply(topi.add(topi.matmul(x, w), b), topi.sigmoid(topi.matmul(x, v)))

    return builder.call_te(everything, x, w, v, b)


def gate_with_products_for_show(builder, x, w, v, b):
    builder.emit_te(topi.matmul, x, w)
    builder.emit_te(topi.matmul, x, v)
    return gate_in_one_program(builder, x, w, v, b)


def gate_negated_twice(builder, x, w, v, b):
    result = gate_in_one_program(builder, x, w, v, b)
    return builder.emit_te(topi.negative, builder.emit_te(topi.negative, builder.emit(result)))


def gate_with_a_bias_for_each(builder, x, w, v, b):
    def affine(x, w, b):
        return topi.add(topi.matmul(x, w), b)

    zero = builder.emit_te(lambda c: topi.full_like(c, 0.0), b)
    value, gate = builder.emit_te(affine, x, w, b), builder.emit_te(affine, x, v, zero)
    return builder.call_te(lambda y, g: topi.multiply(y, topi.sigmoid(g)), value, gate)


def gate_of_operators(builder, x, w, v, b):
    value = builder.emit(relax.op.add(relax.op.matmul(x, w), b))
    return builder.emit(relax.op.multiply(value, relax.op.sigmoid(relax.op.matmul(x, v))))


# Two more operators.


def number(value):
    return relax.const(value, "float32")


def hardswish(x):
    return x * relax.op.clip(x + number(3), 0, 6) / number(6)


def with_table(**entries):
    return lambda graph: import_graph(graph, {**CONVERTERS, **{k.replace("__", "."): v for k, v in entries.items()}})


def summed_mean(x, axes, keepdim=False):
    count = 1
    for axis in axes:
        count *= int(x.ty.shape[axis])
    return relax.op.divide(relax.op.sum(x, axes, keepdim), number(float(count)))


def minimum_swish(x):
    inner = relax.op.minimum(relax.op.maximum(relax.op.add(x, number(3)), number(0)), number(6))
    return relax.op.multiply(relax.op.divide(x, number(6)), inner)


def relu6_swish(x):
    return relax.op.multiply(x, relax.op.divide(relax.op.nn.relu6(relax.op.add(x, number(3))), number(6)))


right_mean = {"aten__mean__dim": lambda x, axes, keepdim=False: relax.op.mean(x, axes, keepdim)}
right_swish = {"aten__hardswish__default": hardswish}


# A clear error.


def explain_by_operator(graph, supported):
    missing = list(dict.fromkeys(n["operator"] for n in graph["nodes"] if n["operator"] not in supported))
    return "\n".join(
        f"- '{operator}' is used by "
        + ", ".join(f"{n['name']}[{n['module']}]" for n in graph["nodes"] if n["operator"] == operator)
        for operator in missing
    )


def explain_in_chinese(graph, supported):
    """No space and no full-width mark between a name and the words around it."""
    lines = []
    for line in explain_by_operator(graph, supported).splitlines():
        operator = line.split("'")[1]
        uses = [n for n in graph["nodes"] if n["operator"] == operator]
        places = "和".join(f"模块{n['module']}的节点{n['name']}" if n["module"] else f"节点{n['name']}" for n in uses)
        lines.append(f"算子{operator}不支持，用到它的有{places}。")
    return "\n".join(lines)


def explain_by_path(graph, supported):
    """Module and node joined by a dot."""
    missing = dict.fromkeys(n["operator"] for n in graph["nodes"] if n["operator"] not in supported)
    return "\n".join(
        operator + " at " + ", ".join(".".join(filter(None, (n["module"], n["name"]))) for n in graph["nodes"]
                                      if n["operator"] == operator)
        for operator in missing
    )  # fmt: skip


def explain_under_a_heading(graph, supported):
    text = explain_by_operator(graph, supported)
    return f"Not supported:\n{text}" if text else ""


def explain_first_only(graph, supported):
    return explain_by_operator(graph, supported).split("\n")[0]


def explain_each_use(graph, supported):
    return "\n".join(f"{n['operator']} {n['name']}" for n in graph["nodes"] if n["operator"] not in supported)


def explain_sorted(graph, supported):
    return "\n".join(sorted(explain_by_operator(graph, supported).splitlines(), reverse=True))


def explain_first_use(graph, supported):
    return "\n".join(line.split(",")[0] for line in explain_by_operator(graph, supported).splitlines())


def explain_loudly(graph, supported):
    return explain_by_operator(graph, supported) or "everything is supported"


# A residual block.


def residual(*, bind=True, epsilon=None, silu=relax.op.nn.silu, affine_only=False, groups=None):
    def group_norm(x, number_of_groups, weight=None, bias=None, eps=1e-5, cudnn_enabled=True):
        channels = x.ty.shape[1]
        if weight is None and not affine_only:
            weight, bias = number(np.ones(int(channels), "float32")), number(np.zeros(int(channels), "float32"))
        return relax.op.nn.group_norm(x, weight, bias, groups or number_of_groups, 1, [2, 3], epsilon or eps)

    def answer(graph, weights):
        more = {"aten.group_norm.default": group_norm, "aten.silu_.default": silu, "aten.add_.Tensor": relax.op.add}
        module = import_graph(graph, {**CONVERTERS, **more})
        return bind_weights(module, weights) if bind else module

    return answer


def residual_fixed_batch(graph, weights):
    graph = {**graph, "inputs": [{**each, "shape": [2, *each["shape"][1:]]} for each in graph["inputs"]]}
    return residual()(graph, weights)


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
