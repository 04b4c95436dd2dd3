# clip as minimum of maximum.
# earns: all
def import_more(graph):
    def number(value):
        return relax.const(value, "float32")

    def hardswish(x):
        clipped = relax.op.minimum(relax.op.maximum(relax.op.add(x, number(3)), number(0)), number(6))
        return relax.op.divide(relax.op.multiply(x, clipped), number(6))

    def mean(x, axes, keepdim=False):
        return relax.op.mean(x, axes, keepdim)

    return import_graph(graph, {**CONVERTERS, "aten.hardswish.default": hardswish, "aten.mean.dim": mean})
