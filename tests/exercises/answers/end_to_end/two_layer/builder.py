# Assembled with the builder from tensor expressions of topi.
# earns: all
shapes = {"x": (3, 20), "w0": (20, 12), "b0": (12,), "w1": (12, 5), "b1": (5,)}
params = [relax.Var(name, relax.TensorType(shape, "float32")) for name, shape in shapes.items()]
x, w0, b0, w1, b1 = params
bb = relax.BlockBuilder()
with bb.function("main", params):
    with bb.dataflow():
        h = bb.emit_te(topi.add, bb.emit_te(topi.matmul, x, w0), b0)
        a = bb.emit_te(lambda t: topi.clip(t, 0.0, 6.0), h)
        y = bb.emit_te(topi.add, bb.emit_te(topi.matmul, a, w1), b1)
        out = bb.emit_output(y)
    bb.emit_func_output(out)
TwoLayer = bb.finalize()
