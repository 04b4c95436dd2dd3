# The convolution copies its windows first, and is then a product of matrices.
# earns: all
from tvm import te


def windows(image):
    return te.compute(
        (image.shape[0], 12, 18), lambda i, p, q: image[i, q // 9, p // 3 * 2 + q % 9 // 3, p % 3 * 2 + q % 3], name="windows"
    )


def filtered(rows, filters):
    q = te.reduce_axis((0, 18), name="q")
    return te.compute(
        (rows.shape[0], 12, 6), lambda i, p, f: te.sum(rows[i, p, q] * filters[f, q // 9, q % 9 // 3, q % 3], axis=q)
    )


n = tvm.tirx.Var("n", "int64")
shapes = {"x": (n, 2, 9, 8), "conv_w": (6, 2, 3, 3), "conv_b": (6,), "w": (7, 6), "b": (7,)}
params = [relax.Var(name, relax.TensorType(shape, "float32")) for name, shape in shapes.items()]
x, conv_w, conv_b, w, b = params
bb = relax.BlockBuilder()
with bb.function("main", params):
    with bb.dataflow():
        rows = bb.emit_te(windows, x)
        values = bb.emit_te(filtered, rows, conv_w)
        active = bb.emit_te(lambda t, c: topi.nn.relu(topi.add(t, c)), values, conv_b)
        mean = bb.emit_te(lambda t: topi.sum(t, axis=1) / 12.0, active)
        product = bb.emit_te(topi.matmul, mean, w, False, True)
        out = bb.emit_output(bb.call_te(topi.add, product, b))
    bb.emit_func_output(out)
ConvNet = bb.finalize()
