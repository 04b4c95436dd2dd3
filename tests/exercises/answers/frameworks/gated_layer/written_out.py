# The products are written out, without an axis to sum over; a shared sum is for show.
# loses: structure
GatedLayer = None
def product(a, b):
    k = te.reduce_axis((0, a.shape[1]), name="k")
    return te.compute((a.shape[0], b.shape[1]), lambda i, j: te.sum(a[i, k] * b[k, j], axis=k), name="product")


def gated(value, gate, bias):
    return te.compute(value.shape, lambda i, j: (value[i, j] + bias[j]) * tirx.sigmoid(gate[i, j]), name="gated")


n = tirx.Var("n", "int64")
shapes = {"x": (n, 16), "w": (16, 8), "v": (16, 8), "b": (8,)}
params = [relax.Var(name, relax.TensorType(shape, "float32")) for name, shape in shapes.items()]
x, w, v, b = params
builder = relax.BlockBuilder()
with builder.function("main", params):
    with builder.dataflow():
        value = builder.emit_te(product, x, w)
        gate = builder.emit_te(product, x, v)

        def everything(p, q, x, w, v, b):
            def total(m, i, j):
                out = x[i, 0] * m[0, j]
                for k in range(1, 16):
                    out = out + x[i, k] * m[k, j]
                return out

            zero = tirx.const(0, "float32")
            return te.compute(p.shape, lambda i, j: (total(w, i, j) + b[j]) * tirx.sigmoid(total(v, i, j)) + zero * (p[i, j] + q[i, j]))

        result = builder.emit_output(builder.call_te(everything, value, gate, x, w, v, b))
    builder.emit_func_output(result)
GatedLayer = builder.finalize()
