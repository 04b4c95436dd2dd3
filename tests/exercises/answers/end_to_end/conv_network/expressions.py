# Tensor expressions of its own in place of topi.
# earns: all
from tvm import te

batch = tvm.tirx.Var("batch", "int64")


def convolved(image, filters):
    c, r, s = te.reduce_axis((0, 2)), te.reduce_axis((0, 3)), te.reduce_axis((0, 3))
    term = lambda i, f, y, x: image[i, c, 2 * y + r, 2 * x + s] * filters[f, c, r, s]
    return te.compute((batch, 6, 4, 3), lambda i, f, y, x: te.sum(term(i, f, y, x), axis=[c, r, s]))


def shifted(t, bias):
    return te.compute(t.shape, lambda i, f, y, x: t[i, f, y, x] + bias[f])


def positive(t):
    return te.compute(t.shape, lambda *at: te.max(t(*at), tvm.tirx.const(0, "float32")))


def total(t):
    r, s = te.reduce_axis((0, 4)), te.reduce_axis((0, 3))
    return te.compute((batch, 6), lambda i, f: te.sum(t[i, f, r, s], axis=[r, s]))


def scored(t, weight, bias):
    k = te.reduce_axis((0, 6))
    product = te.compute((batch, 7), lambda i, j: te.sum(t[i, k] * weight[j, k], axis=k))
    return te.compute((batch, 7), lambda i, j: product[i, j] / 12 + bias[j])


given = [relax.Var(name, relax.TensorType(shape, "float32")) for name, shape in
         [("x", (batch, 2, 9, 8)), ("conv_w", (6, 2, 3, 3)), ("conv_b", (6,)), ("w", (7, 6)), ("b", (7,))]]
bb = relax.BlockBuilder()
with bb.function("main", given):
    with bb.dataflow():
        value = bb.emit_te(convolved, given[0], given[1])
        value = bb.emit_te(shifted, value, given[2])
        value = bb.emit_te(total, bb.emit_te(positive, value))
        value = bb.emit_output(bb.call_te(scored, value, given[3], given[4]))
    bb.emit_func_output(value)
ConvNet = bb.finalize()
