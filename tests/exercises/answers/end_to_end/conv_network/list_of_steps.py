# The steps as a list of functions with their weights, applied in a loop.
# earns: all
from tvm import te


def convolution(t, filters):
    return topi.nn.conv2d(t, filters, 2, 0, 1)


def shift(t, bias):
    return te.compute(t.shape, lambda *at: t(*at) + bias[at[1]], name="shift")


def relu(t):
    return te.compute(t.shape, lambda *at: tvm.tirx.Select(t(*at) > 0, t(*at), tvm.tirx.const(0, "float32")), name="relu")


def mean(t):
    return topi.divide(topi.sum(t, axis=[2, 3]), float(int(t.shape[2]) * int(t.shape[3])))


def linear(t, weight):
    return topi.nn.dense(t, weight)


n = tvm.tirx.Var("n", "int64")
shapes = {"x": (n, 2, 9, 8), "conv_w": (6, 2, 3, 3), "conv_b": (6,), "w": (7, 6), "b": (7,)}
params = [relax.Var(name, relax.TensorType(shape, "float32")) for name, shape in shapes.items()]
x, conv_w, conv_b, w, b = params
bb = relax.BlockBuilder()
with bb.function("main", params):
    with bb.dataflow():
        steps = [(convolution, conv_w), (shift, conv_b), (relu,), (mean,), (linear, w), (shift, b)]
        value = x
        for step, *weights in steps:
            value = bb.emit_te(step, value, *weights)
        out = bb.emit_output(value)
    bb.emit_func_output(out)
ConvNet = bb.finalize()
