# A pooling over all rows and columns in place of the sum, the weight transposed by a program of its own.
# earns: all
n = tvm.tirx.Var("n", "int64")
tensor = lambda name, *shape: relax.Var(name, relax.TensorType(shape, "float32"))
x, filters, shift = tensor("x", n, 2, 9, 8), tensor("conv_w", 6, 2, 3, 3), tensor("conv_b", 6)
w, b = tensor("w", 7, 6), tensor("b", 7)
bb = relax.BlockBuilder()
with bb.function("main", [x, filters, shift, w, b]):
    with bb.dataflow():
        image = bb.emit_te(topi.nn.conv2d, x, filters, 2, 0, 1)
        image = bb.emit_te(lambda t, c: topi.nn.relu(topi.add(t, topi.expand_dims(c, 1, 2))), image, shift)
        image = bb.emit_te(topi.nn.global_pool, image, "avg")
        features = bb.emit_te(topi.squeeze, image, [2, 3])
        turned = bb.emit_te(topi.transpose, w)
        product = bb.emit_te(topi.matmul, features, turned)
        result = bb.emit_output(bb.call_te(topi.add, product, b))
    bb.emit_func_output(result)
ConvNet = bb.finalize()
