# The bias goes to the gate.
# loses: numbers
# says: belongs to x @ w
GatedLayer = None
def product(a, b):
    k = te.reduce_axis((0, a.shape[1]), name="k")
    return te.compute((a.shape[0], b.shape[1]), lambda i, j: te.sum(a[i, k] * b[k, j], axis=k), name="product")


def gated(value, gate, bias):
    return te.compute(value.shape, lambda i, j: value[i, j] * tirx.sigmoid(gate[i, j] + bias[j]), name="gated")


n = tirx.Var("n", "int64")
shapes = {"x": (n, 16), "w": (16, 8), "v": (16, 8), "b": (8,)}
params = [relax.Var(name, relax.TensorType(shape, "float32")) for name, shape in shapes.items()]
x, w, v, b = params
builder = relax.BlockBuilder()
with builder.function("main", params):
    with builder.dataflow():
        value = builder.emit_te(product, x, w)
        gate = builder.emit_te(product, x, v)
        result = builder.emit_output(builder.call_te(gated, value, gate, b))
    builder.emit_func_output(result)
GatedLayer = builder.finalize()
