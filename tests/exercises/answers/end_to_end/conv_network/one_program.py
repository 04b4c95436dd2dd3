# All of it in one tensor program.
# loses: structure
n = tvm.tirx.Var("n", "int64")
shapes = {"x": (n, 2, 9, 8), "conv_w": (6, 2, 3, 3), "conv_b": (6,), "w": (7, 6), "b": (7,)}
params = [relax.Var(name, relax.TensorType(shape, "float32")) for name, shape in shapes.items()]
x, conv_w, conv_b, w, b = params


def network(x, conv_w, conv_b, w, b):
    shifted = topi.add(topi.nn.conv2d(x, conv_w, 2, 0, 1), topi.reshape(conv_b, (6, 1, 1)))
    features = topi.sum(topi.nn.relu(shifted), axis=(2, 3)) / 12.0
    return topi.add(topi.matmul(features, w, False, True), b)


builder = relax.BlockBuilder()
with builder.function("main", params):
    with builder.dataflow():
        scores = builder.emit_output(builder.call_te(network, x, conv_w, conv_b, w, b))
    builder.emit_func_output(scores)
ConvNet = builder.finalize()
