# The weights are transposed by a program of their own, and read along rows.
# earns: all
shapes = {"x": (3, 20), "w0": (20, 12), "b0": (12,), "w1": (12, 5), "b1": (5,)}
params = [relax.Var(name, relax.TensorType(shape, "float32")) for name, shape in shapes.items()]
x, w0, b0, w1, b1 = params
bb = relax.BlockBuilder()
with bb.function("main", params):
    with bb.dataflow():
        value = x
        for weight, bias in ((w0, b0), (w1, b1)):
            if weight is w1:
                value = bb.emit_te(topi.minimum, bb.emit_te(topi.nn.relu, value), 6.0)
            turned = bb.emit_te(topi.transpose, weight)
            value = bb.emit_te(topi.nn.dense, value, turned, bias)
        value = bb.emit_output(value)
    bb.emit_func_output(value)
TwoLayer = bb.finalize()
