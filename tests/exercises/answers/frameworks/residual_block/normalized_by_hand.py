# Group normalization made of means.
# earns: all
def import_residual(graph, weights):
    def group_norm(x, groups, weight=None, bias=None, eps=1e-5, cudnn_enabled=True):
        channels = (x.ty.shape[1],)
        weight = relax.op.ones(channels, "float32") if weight is None else weight
        bias = relax.op.zeros(channels, "float32") if bias is None else bias
        n, c, h, width = x.ty.shape
        g = relax.op.reshape(x, (n, groups, -1))
        mean = relax.op.mean(g, [2], True)
        centred = relax.op.subtract(g, mean)
        variance = relax.op.mean(relax.op.multiply(centred, centred), [2], True)
        normal = relax.op.divide(centred, relax.op.sqrt(relax.op.add(variance, relax.const(eps, "float32"))))
        normal = relax.op.reshape(normal, x.ty.shape)
        shape = (1, c, 1, 1)
        return relax.op.add(relax.op.multiply(normal, relax.op.reshape(weight, shape)), relax.op.reshape(bias, shape))

    more = {"aten.group_norm.default": group_norm, "aten.silu_.default": relax.op.nn.silu}
    more["aten.add_.Tensor"] = CONVERTERS["aten.add.Tensor"]
    return bind_weights(import_graph(graph, {**CONVERTERS, **more}), weights)
