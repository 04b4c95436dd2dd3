# A program for each step: products, bias, sigmoid, and their product.
# earns: all
from tvm import topi


def product(a, b):
    k = te.reduce_axis((0, a.shape[1]), name="k")
    return te.compute((a.shape[0], b.shape[1]), lambda i, j: te.sum(a[i, k] * b[k, j], axis=k), name="product")


n = tirx.Var("n", "int64")
shapes = {"x": (n, 16), "w": (16, 8), "v": (16, 8), "b": (8,)}
params = [relax.Var(name, relax.TensorType(shape, "float32")) for name, shape in shapes.items()]
x, w, v, b = params
builder = relax.BlockBuilder()
with builder.function("main", params):
    with builder.dataflow():
        both = [builder.emit_te(product, x, weight) for weight in (w, v)]
        value = builder.emit_te(topi.add, both[0], b)
        gate = builder.emit_te(topi.sigmoid, both[1])
        result = builder.emit_output(builder.call_te(topi.multiply, value, gate))
    builder.emit_func_output(result)
GatedLayer = builder.finalize()
