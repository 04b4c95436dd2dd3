# The mean of the columns, then the mean of the rows.
# earns: all
n = tvm.tirx.Var("n", "int64")
shapes = {"x": (n, 2, 9, 8), "conv_w": (6, 2, 3, 3), "conv_b": (6,), "w": (7, 6), "b": (7,)}
params = [relax.Var(name, relax.TensorType(shape, "float32")) for name, shape in shapes.items()]
x, conv_w, conv_b, w, b = params
bb = relax.BlockBuilder()
with bb.function("main", params):
    with bb.dataflow():
        image = bb.emit_te(topi.nn.conv2d, x, conv_w, 2, 0, 1)
        image = bb.emit_te(lambda t, c: topi.add(t, topi.reshape(c, (1, 6, 1, 1))), image, conv_b)
        image = bb.emit_te(topi.maximum, image, 0.0)
        for length in (3, 4):
            total = bb.emit_te(topi.sum, image, axis=-1)
            image = bb.emit_te(topi.divide, total, float(length))
        product = bb.emit_te(topi.nn.dense, image, w)
        out = bb.emit_output(bb.call_te(topi.add, product, b))
    bb.emit_func_output(out)
ConvNet = bb.finalize()
