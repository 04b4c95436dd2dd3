# Divided by the rows alone.
# loses: numbers
n = tvm.tirx.Var("n", "int64")
shapes = {"x": (n, 2, 9, 8), "conv_w": (6, 2, 3, 3), "conv_b": (6,), "w": (7, 6), "b": (7,)}
params = [relax.Var(name, relax.TensorType(shape, "float32")) for name, shape in shapes.items()]
x, conv_w, conv_b, w, b = params
builder = relax.BlockBuilder()
with builder.function("main", params):
    with builder.dataflow():
        filtered = builder.emit_te(topi.nn.conv2d, x, conv_w, strides=2, padding=0, dilation=1)
        column = builder.emit_te(topi.reshape, conv_b, (6, 1, 1))
        shifted = builder.emit_te(topi.add, filtered, column)
        active = builder.emit_te(topi.nn.relu, shifted)
        total = builder.emit_te(topi.sum, active, axis=(2, 3))
        features = builder.emit_te(lambda t: t / 4.0, total)
        product = builder.emit_te(topi.matmul, features, w, False, True)
        scores = builder.emit_output(builder.call_te(topi.add, product, b))
    builder.emit_func_output(scores)
ConvNet = builder.finalize()
