"""Answers to the exercises on importing and building graphs, right and wrong, made in many ways."""

import numpy as np
import tvm
from tvm import relax, te, tirx, topi

from mlc_ref.end_to_end.models import bind_weights
from mlc_ref.frameworks import tensor_expressions as expressions
from mlc_ref.frameworks.operators import CONVERTERS
from mlc_ref.frameworks.plain_graphs import import_graph


def const(value):
    return tirx.const(value, "float32")


def tanh_gelu(s):
    return const(0.5) * s * (const(1) + te.tanh(const(0.7978845608028654) * (s + const(0.044715) * s * s * s)))


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
