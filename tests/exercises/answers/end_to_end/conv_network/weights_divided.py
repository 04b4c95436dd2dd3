# The division by the number of elements is put into the weights.
# earns: all
n = tvm.tirx.Var("n", "int64")
shapes = {"x": (n, 2, 9, 8), "conv_w": (6, 2, 3, 3), "conv_b": (6,), "w": (7, 6), "b": (7,)}
params = [relax.Var(name, relax.TensorType(shape, "float32")) for name, shape in shapes.items()]
x, conv_w, conv_b, w, b = params
bb = relax.BlockBuilder()
with bb.function("main", params):
    with bb.dataflow():
        filtered = bb.emit_te(topi.nn.conv2d, x, conv_w, strides=2, padding=0, dilation=1)
        active = bb.emit_te(lambda t, c: topi.nn.relu(topi.add(t, topi.reshape(c, (6, 1, 1)))), filtered, conv_b)
        total = bb.emit_te(topi.sum, active, axis=(2, 3))
        small = bb.emit_te(topi.divide, w, 12.0)
        scores = bb.emit_te(topi.matmul, total, small, False, True)
        out = bb.emit_output(bb.call_te(topi.add, scores, b))
    bb.emit_func_output(out)
ConvNet = bb.finalize()
