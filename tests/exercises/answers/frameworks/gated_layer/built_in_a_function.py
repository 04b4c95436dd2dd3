# Everything inside one function that returns the module.
# earns: all
def gated_layer(inputs=16, outputs=8):
    rows = tirx.Var("rows", "int64")

    def tensor(name, *shape):
        return relax.Var(name, relax.TensorType(shape, "float32"))

    def dense(data, weight):
        r = te.reduce_axis((0, inputs))
        return te.compute((data.shape[0], outputs), lambda i, j: te.sum(weight[r, j] * data[i, r], r))

    def last(value, gate, bias):
        one = tirx.const(1, "float32")
        return te.compute(value.shape, lambda *at: (value(*at) + bias(at[-1])) / (one + te.exp(-gate(*at))))

    x, w = tensor("x", rows, inputs), tensor("w", inputs, outputs)
    v, b = tensor("v", inputs, outputs), tensor("b", outputs)
    bb = relax.BlockBuilder()
    with bb.function("main", params=[x, w, v, b]):
        with bb.dataflow():
            made = bb.emit_output(bb.call_te(last, bb.emit_te(dense, x, w), bb.emit_te(dense, x, v), b))
        bb.emit_func_output(made)
    return bb.get()


GatedLayer = gated_layer()
