# The smooth swish.
# loses: hardswish, whole
def import_more(graph):
    def number(value):
        return relax.const(value, "float32")

    def hardswish(x):
        return relax.op.multiply(x, relax.op.sigmoid(x))

    def mean(x, axes, keepdim=False):
        return relax.op.mean(x, axes, keepdim)

    return import_graph(graph, {**CONVERTERS, "aten.hardswish.default": hardswish, "aten.mean.dim": mean})
