# The mean by adaptive pooling; the linear layer with its bias in one program.
# earns: all
n = tvm.tirx.Var("n", "int64")
shapes = {"x": (n, 2, 9, 8), "conv_w": (6, 2, 3, 3), "conv_b": (6,), "w": (7, 6), "b": (7,)}
params = [relax.Var(name, relax.TensorType(shape, "float32")) for name, shape in shapes.items()]
x, conv_w, conv_b, w, b = params
bb = relax.BlockBuilder()
with bb.function("main", params):
    with bb.dataflow():
        value = bb.emit_te(topi.nn.conv2d, x, conv_w, strides=[2, 2], padding=[0, 0], dilation=[1, 1])
        bias = bb.emit_te(topi.expand_dims, conv_b, 1, 2)
        value = bb.emit_te(topi.nn.relu, bb.emit_te(topi.add, value, bias))
        value = bb.emit_te(topi.nn.adaptive_pool, value, (1, 1), "avg")
        value = bb.emit_te(topi.reshape, value, (n, 6))
        out = bb.emit_output(bb.call_te(topi.nn.dense, value, w, b))
    bb.emit_func_output(out)
ConvNet = bb.finalize()
