# The normalization has ones and zeros always; weight and bias are applied after it.
# earns: all
def import_residual(graph, weights):
    def column(value, channels):
        return relax.op.reshape(value, (1, channels, 1, 1))

    def group_norm(x, groups, weight=None, bias=None, eps=1e-5, cudnn_enabled=True):
        channels = x.ty.shape[1]
        ones, zeros = relax.op.ones((channels,), "float32"), relax.op.zeros((channels,), "float32")
        plain = relax.op.nn.group_norm(x, ones, zeros, num_groups=groups, channel_axis=1, axes=[2, 3], epsilon=eps)
        if weight is not None:
            plain = relax.op.multiply(plain, column(weight, channels))
        return plain if bias is None else relax.op.add(plain, column(bias, channels))

    table = dict(CONVERTERS)
    table["aten.group_norm.default"] = group_norm
    for name, operator in (("aten.silu_.default", relax.op.nn.silu), ("aten.add_.Tensor", relax.op.add)):
        table[name] = operator
    arrays = {name: tvm.runtime.tensor(array) for name, array in weights.items()}
    return relax.transform.BindParams("main", arrays)(import_graph(graph, table))
