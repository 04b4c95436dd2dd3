# The tensor programs are made first and added; the graph calls them by name.
# earns: all
def product(a, b):
    k = te.reduce_axis((0, a.shape[1]), name="k")
    return te.compute((a.shape[0], b.shape[1]), lambda i, j: te.sum(a[i, k] * b[k, j], axis=k), name="product")


def gated(value, gate, bias):
    half = tirx.const(0.5, "float32")
    sigmoid = lambda t: half * tirx.tanh(half * t) + half
    return te.compute(value.shape, lambda i, j: sigmoid(gate[i, j]) * (value[i, j] + bias[j]), name="gated")


def program(expression, *shapes):
    given = [te.placeholder(shape, "float32", name=f"p{place}") for place, shape in enumerate(shapes)]
    return te.create_prim_func([*given, expression(*given)]).without_attr("global_symbol")


n = tirx.Var("n", "int64")
shapes = {"x": (n, 16), "w": (16, 8), "v": (16, 8), "b": (8,)}
params = [relax.Var(name, relax.TensorType(shape, "float32")) for name, shape in shapes.items()]
x, w, v, b = params
builder = relax.BlockBuilder()
rows = te.var("rows", dtype="int64")
multiply = builder.add_func(program(product, (rows, 16), (16, 8)), "multiply")
gate_it = builder.add_func(program(gated, (rows, 8), (rows, 8), (8,)), "gate_it")
out = relax.TensorType((n, 8), "float32")
with builder.function("main", params):
    with builder.dataflow():
        left = builder.emit(relax.call_tir(multiply, [x, w], out))
        right = builder.emit(relax.call_tir(multiply, [x, v], out))
        result = builder.emit_output(relax.call_tir(gate_it, [left, right, b], out))
    builder.emit_func_output(result)
GatedLayer = builder.finalize()
