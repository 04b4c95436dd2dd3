# A table that is updated.
# earns: all
def import_residual(graph, weights):
    def group_norm(x, groups, weight=None, bias=None, eps=1e-5, cudnn_enabled=True):
        channels = (x.ty.shape[1],)
        weight = relax.op.ones(channels, "float32") if weight is None else weight
        bias = relax.op.zeros(channels, "float32") if bias is None else bias
        return relax.op.nn.group_norm(x, weight, bias, num_groups=groups, channel_axis=1, axes=[2, 3], epsilon=eps)

    more = {"aten.group_norm.default": group_norm, "aten.silu_.default": relax.op.nn.silu}
    more["aten.add_.Tensor"] = CONVERTERS["aten.add.Tensor"]
    table = CONVERTERS.copy()
    table.update(more)
    return bind_weights(import_graph(graph, table), weights)
