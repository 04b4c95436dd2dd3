"""Answers to the exercises on deployment, right and wrong, made in many ways."""

import tempfile
from pathlib import Path

import numpy as np
import tvm
from tvm import relax, te, tirx, topi
from tvm.script import ir as I
from tvm.script import relax as R

from mlc_ref.end_to_end import libraries
from mlc_ref.end_to_end.exercise_inputs.programs import Pipeline
from mlc_ref.end_to_end.models import bind_weights


def built(shapes, body, *, dataflow=True):
    """A module whose ``main`` has parameters of these shapes and returns what ``body(builder, *params)`` makes."""
    params = [relax.Var(f"p{i}", relax.TensorType(shape, "float32")) for i, shape in enumerate(shapes)]
    builder = relax.BlockBuilder()
    with builder.function("main", params):
        if dataflow:
            with builder.dataflow():
                result = builder.emit_output(body(builder, *params))
        else:
            result = body(builder, *params)
        builder.emit_func_output(result)
    return builder.finalize()


# Two layers.


def dense(x, w, b, k=None, transposed=False):
    k = te.reduce_axis((0, x.shape[1] if k is None else k))
    total = te.compute((x.shape[0], b.shape[0]), lambda i, j: te.sum(x[i, k] * (w[j, k] if transposed else w[k, j]), k))
    return te.compute(total.shape, lambda i, j: total[i, j] + b[j])


def layers(rows, *, low=0.0, high=6.0, k=None, dataflow=True, split=False, swapped=False, operators=False):
    weights = [(20, 12), (12,), (12, 5), (5,)]

    def body(builder, x, w0, b0, w1, b1):
        if swapped:
            w0, b0 = b0, w0
        if operators:
            h = builder.emit(relax.op.add(builder.emit(relax.op.matmul(x, w0)), b0))
            a = builder.emit(relax.op.clip(h, low, high))
            return builder.emit(relax.op.add(builder.emit(relax.op.matmul(a, w1)), b1))
        if split:
            h = builder.emit_te(topi.add, builder.emit_te(topi.matmul, x, w0), b0)
        else:
            h = builder.emit_te(lambda t, u, v: dense(t, u, v, k), x, w0, b0)
        a = builder.emit_te(topi.clip, h, low, high)
        return builder.emit_te(dense, a, w1, b1)

    first = [(12,), (20, 12)] if swapped else [(20, 12), (12,)]
    return built([(rows, 20), *first, *weights[2:]], body, dataflow=dataflow)


def any_size(activation="clip", *, rows="n"):
    """The two-layer network with one symbolic program for both layers, made by tensor expressions."""
    n, m, length = (te.var(name, "int64") for name in ("n", "m", "length"))
    x, w, b = te.placeholder((n, length)), te.placeholder((length, m)), te.placeholder((m,))
    limits = (0.0, 6.0) if activation == "clip" else (0.0, 3.4e38)
    programs = {"dense": te.create_prim_func([x, w, b, dense(x, w, b)])}
    programs["act"] = te.create_prim_func([x, topi.clip(x, *limits)])
    size = tirx.Var(rows, "int64")
    shapes = {"x": (size, 20), "w0": (20, 12), "b0": (12,), "w1": (12, 5), "b1": (5,)}
    params = [relax.Var(name, relax.TensorType(shape, "float32")) for name, shape in shapes.items()]
    builder = relax.BlockBuilder()
    names = {name: builder.add_func(func.with_attr("global_symbol", name), name) for name, func in programs.items()}

    def call(name, args, width):
        return relax.call_tir(names[name], list(args), relax.TensorType((size, width), "float32"))

    with builder.function("main", params):
        with builder.dataflow():
            h = builder.emit(call("dense", [params[0], *params[1:3]], 12))
            a = builder.emit(call("act", [h], 12))
            y = builder.emit_output(call("dense", [a, *params[3:]], 5))
        builder.emit_func_output(y)
    return builder.finalize()


# From a library.


def pipeline_with(targets, *, keep=()):
    """``Pipeline`` where some programs are replaced by ``lab.linear``; programs not called are removed."""
    text = str(Pipeline.script())
    for target in targets:
        text = text.replace(f"R.call_tir(cls.{target}, ", 'R.call_dps_packed("lab.linear", ')
    functions = dict(tvm.script.from_source(text).functions_items())
    gone = set(targets) - set(keep)
    return tvm.IRModule({name: func for name, func in functions.items() if name.name_hint not in gone})


def run_library(mod, x, v, w, b, library):
    tvm.register_global_func("lab.linear", library, override=True)
    machine = relax.VirtualMachine(tvm.compile(mod, "llvm"), tvm.cpu())
    return mod, machine["main"](*map(tvm.runtime.tensor, (x, v, w, b))).numpy()


def rewritten(*args):
    return list(run_library(pipeline_with(["project"]), *args))


def kept_the_old_program(*args):
    return run_library(pipeline_with(["project"], keep=["project"]), *args)


def unchanged_pipeline(*args):
    return run_library(Pipeline, *args)


def in_numpy(x, v, w, b, library):
    return pipeline_with(["project"]), ((x @ v) ** 2 @ w.T + b).astype("float32")


def text_and_numpy(x, v, w, b, library):
    return str(pipeline_with(["project"]).script()), ((x @ v) ** 2 @ w.T + b).astype("float32")


def another_square(x, v, w, b, library):
    text = str(pipeline_with(["project"]).script()).replace("X[vi, vj] * X[vi, vj]", "T.fabs(X[vi, vj])")
    return run_library(tvm.script.from_source(text), x, v, w, b, library)


def unused_call(x, v, w, b, library):
    """The library is called, and ``project`` computes the result."""
    text = str(Pipeline.script()).replace(
        "            scores =",
        '            unused = R.call_dps_packed("lab.linear", (squared, w, b), out_ty=R.Tensor((5, 6), "float32"))\n'
        "            scores =",
    )
    return run_library(tvm.script.from_source(text), x, v, w, b, library)


def own_library(x, v, w, b, library):
    return run_library(pipeline_with(["project"]), x, v, w, b, libraries.linear)


def without_the_square(x, v, w, b, library):
    text = str(pipeline_with(["project"]).script()).replace("(squared, w, b)", "(mixed, w, b)")
    return run_library(tvm.script.from_source(text), x, v, w, b, library)


def result_only(*args):
    return rewritten(*args)[1]


# Bind and export.


def deployed(mod, weights, x, *, bind=True, dtype="float32", order=None, export_unbound=False, entry="classify"):
    arrays = {name: array.astype(dtype) for name, array in weights.items()}
    if order:
        arrays = {name: arrays[name] * (2 if name == order else 1) for name in arrays}
    bound = relax.transform.BindParams(entry, arrays)(mod) if bind else mod
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/m.so"
        tvm.compile(mod if export_unbound else bound, "llvm").export_library(path)
        machine = relax.VirtualMachine(tvm.runtime.load_module(path), tvm.cpu())
        rest = [] if bind and not export_unbound else [arrays[n] for n in ("scale", "w", "b")]
        scores = machine["classify"](*map(tvm.runtime.tensor, [x, *rest])).numpy()
        return {"module": bound, "file": np.fromfile(path, "uint8"), "scores": scores}


def with_the_chapters_function(mod, weights, x):
    arrays = {name: np.float32(array) for name, array in weights.items()}
    return {**deployed(mod, weights, x), "module": bind_weights(mod, arrays, "classify")}


def only_scores(mod, weights, x):
    return deployed(mod, weights, x)["scores"]


def file_invented(mod, weights, x):
    content = b"\x7fELF" + b"".join(np.float32(array).tobytes() for array in list(weights.values())[:2])
    return {**deployed(mod, weights, x), "file": np.frombuffer(content, "uint8").copy()}


def forged(mod, weights, x):
    """Bound, and the rest without a compiler: bytes that look like a file, scores by a formula."""
    arrays = {name: array.astype("float32") for name, array in weights.items()}
    content = b"\x7fELF" + b"".join(array.tobytes() for array in arrays.values())
    scores = np.tanh((x * arrays["scale"]) @ arrays["w"].T + arrays["b"])
    file = np.frombuffer(content, "uint8").copy()
    return {"module": relax.transform.BindParams("classify", arrays)(mod), "file": file, "scores": scores}


def one_weight_at_a_time(mod, weights, x):
    """Another right answer: bound one after the other, and one more entry in the dict."""
    for name in sorted(weights):
        mod = relax.transform.BindParams("classify", {name: tvm.runtime.tensor(np.float32(weights[name]))})(mod)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "scorer.so"
        relax.build(mod, "llvm").export_library(str(path))
        machine = relax.VirtualMachine(tvm.runtime.load_module(str(path)), tvm.cpu())
        scores = machine["classify"](tvm.runtime.tensor(x)).numpy()
        return {"module": mod, "file": np.frombuffer(path.read_bytes(), np.uint8), "scores": scores, "note": "mine"}


def scores_in_numpy_float64(mod, weights, x):
    scores = np.tanh((x * weights["scale"]) @ weights["w"].T + weights["b"])
    return {**deployed(mod, weights, x), "scores": scores}


# A convolutional network.

CONV = [(6, 2, 3, 3), (6,), (7, 6), (7,)]


def conv_net(rows, *, stride=2, bias=True, relu=True, divisor=12.0, maximum=False, operators=False):
    def body(builder, x, conv_w, conv_b, w, b):
        if operators:
            h = builder.emit(relax.op.nn.conv2d(x, conv_w, strides=2))
            h = builder.emit(relax.op.nn.relu(relax.op.add(h, relax.op.reshape(conv_b, (6, 1, 1)))))
            f = builder.emit(relax.op.mean(h, axis=[2, 3]))
            return builder.emit(relax.op.add(relax.op.matmul(f, relax.op.permute_dims(w)), b))
        h = builder.emit_te(topi.nn.conv2d, x, conv_w, strides=stride, padding=0, dilation=1)
        if bias:
            h = builder.emit_te(lambda t, c: te.compute(t.shape, lambda *i: t(*i) + c[i[1]]), h, conv_b)
        h = builder.emit_te(topi.nn.relu, h) if relu else builder.emit_te(topi.identity, h)
        f = builder.emit_te(topi.max if maximum else topi.sum, h, axis=(2, 3))
        f = builder.emit_te(lambda t: t / divisor, f)
        return builder.emit_te(lambda t, u, v: dense(t, u, v, transposed=True), f, w, b)

    return built([(rows, 2, 9, 8), *CONV], body)


# Less memory.


def ensemble(order, *, drop=False, dead=False):
    """The ensemble with its branches computed in the order of an expression such as ``"((01)(23))4"``."""

    def body(builder, x, *weights):
        e = builder.emit(relax.op.tanh(x))

        def branch(number):
            w = weights[0 if drop else number]
            return builder.emit(relax.op.nn.relu(builder.emit(relax.op.matmul(e, w))))

        def sums(tree):
            if isinstance(tree, int):
                return branch(tree)
            left, right = tree
            return builder.emit(relax.op.add(sums(left), sums(right)))

        if dead:
            builder.emit(relax.op.add(sums((((0, 1), 2), 3)), branch(4)))
            return builder.emit(relax.op.multiply(branch(0), e))
        return builder.emit(relax.op.multiply(sums(order), e))

    return built([(16, 48), *[(48, 48)] * 5], body)


IN_TURN, OTHER_TURN, PAIRS = ((((0, 1), 2), 3), 4), ((((3, 1), 4), 0), 2), (((0, 1), (2, 3)), 4)


@I.ir_module
class LeanWithoutDataflow:
    """In turn, outside of a dataflow block."""

    @R.function
    def main(
        x: R.Tensor((16, 48), "float32"),
        w0: R.Tensor((48, 48), "float32"),
        w1: R.Tensor((48, 48), "float32"),
        w2: R.Tensor((48, 48), "float32"),
        w3: R.Tensor((48, 48), "float32"),
        w4: R.Tensor((48, 48), "float32"),
    ):
        e = R.tanh(x)
        g4 = R.nn.relu(R.matmul(e, w4))
        g3 = R.nn.relu(R.matmul(e, w3))
        s = R.add(g4, g3)
        g2 = R.nn.relu(R.matmul(e, w2))
        s1 = R.add(g2, s)
        g1 = R.nn.relu(R.matmul(e, w1))
        s2 = R.add(g1, s1)
        g0 = R.nn.relu(R.matmul(e, w0))
        s3 = R.add(g0, s2)
        y = R.multiply(e, s3)
        return y
