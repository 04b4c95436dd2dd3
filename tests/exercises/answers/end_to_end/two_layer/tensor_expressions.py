# Layers and activation as tensor expressions of its own.
# earns: all
from tvm import te


def dense(data, weight, bias):
    k = te.reduce_axis((0, data.shape[1]), name="k")
    product = te.compute((data.shape[0], weight.shape[1]), lambda i, j: te.sum(data[i, k] * weight[k, j], axis=k))
    return te.compute(product.shape, lambda i, j: product[i, j] + bias[j])


def clipped(data):
    low, high = tvm.tirx.const(0, "float32"), tvm.tirx.const(6, "float32")
    return te.compute(data.shape, lambda *at: te.min(te.max(data(*at), low), high))


shapes = {"x": (3, 20), "w0": (20, 12), "b0": (12,), "w1": (12, 5), "b1": (5,)}
params = [relax.Var(name, relax.TensorType(shape, "float32")) for name, shape in shapes.items()]
x, w0, b0, w1, b1 = params
bb = relax.BlockBuilder()
with bb.function("main", params):
    with bb.dataflow():
        h = bb.emit_te(dense, x, w0, b0)
        a = bb.emit_te(clipped, h)
        y = bb.emit_output(bb.call_te(dense, a, w1, b1))
    bb.emit_func_output(y)
TwoLayer = bb.finalize()
