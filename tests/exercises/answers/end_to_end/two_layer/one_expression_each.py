# Tensor expressions of its own: one function for both layers, and the bounds taken in the other order.
# earns: all
from tvm import te


def affine(data, weight, bias):
    rows, columns = data.shape[0], weight.shape[1]
    term = te.reduce_axis((0, weight.shape[0]), "term")
    total = te.compute((rows, columns), lambda r, c: te.sum(data[r, term] * weight[term, c], [term]), "total")
    return te.compute((rows, columns), lambda r, c: bias[c] + total[r, c], "shifted")


def bounded(data):
    return te.compute(data.shape, lambda *at: te.max(te.min(data(*at), 6.0), 0.0), "bounded")


given = [relax.Var(name, relax.TensorType(shape, "float32"))
         for name, shape in (("x", [3, 20]), ("w0", [20, 12]), ("b0", [12]), ("w1", [12, 5]), ("b1", [5]))]
builder = relax.BlockBuilder()
with builder.function("main", given):
    with builder.dataflow():
        value = builder.emit_te(affine, *given[:3], primfunc_name_hint="first")
        value = builder.emit_te(bounded, value, primfunc_name_hint="bounded")
        value = builder.emit_te(affine, value, *given[3:], primfunc_name_hint="second")
        value = builder.emit_output(value)
    builder.emit_func_output(value)
TwoLayer = builder.finalize()
