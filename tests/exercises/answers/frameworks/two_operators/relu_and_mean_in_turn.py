# The clip as a difference of two ReLUs; the mean taken over one axis after the other, the last first.
# earns: all
def import_more(graph):
    def hardswish(x):
        three, six = relax.const(3.0, "float32"), relax.const(6.0, "float32")
        above = relax.op.nn.relu(relax.op.add(x, three))
        beyond = relax.op.nn.relu(relax.op.subtract(x, three))
        return relax.op.multiply(x, relax.op.divide(relax.op.subtract(above, beyond), six))

    def mean(x, axes, keepdim=False):
        dimensions = x.ty.ndim
        for axis in sorted({axis % dimensions for axis in axes}, reverse=True):
            x = relax.op.mean(x, axis, keepdims=keepdim)
        return x

    table = dict(CONVERTERS)
    table["aten.hardswish.default"], table["aten.mean.dim"] = hardswish, mean
    return import_graph(graph, table)
