# Channels are moved to the end, where biases are broadcast by themselves.
# earns: all
n = tvm.tirx.Var("n", "int64")
shapes = {"x": (n, 2, 9, 8), "conv_w": (6, 2, 3, 3), "conv_b": (6,), "w": (7, 6), "b": (7,)}
params = [relax.Var(name, relax.TensorType(shape, "float32")) for name, shape in shapes.items()]
x, conv_w, conv_b, w, b = params
bb = relax.BlockBuilder()
with bb.function("main", params):
    with bb.dataflow():
        image = bb.emit_te(topi.nn.conv2d, x, conv_w, 2, 0, 1)
        image = bb.emit_te(topi.transpose, image, [0, 2, 3, 1])
        image = bb.emit_te(topi.add, image, conv_b)
        image = bb.emit_te(topi.nn.relu, image)
        total = bb.emit_te(topi.sum, image, axis=[1, 2])
        mean = bb.emit_te(topi.multiply, total, 1 / 12)
        turned = bb.emit_te(topi.transpose, w, [1, 0])
        out = bb.emit_output(bb.call_te(lambda f, t, c: topi.add(topi.matmul(f, t), c), mean, turned, b))
    bb.emit_func_output(out)
ConvNet = bb.finalize()
