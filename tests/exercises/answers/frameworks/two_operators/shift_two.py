# clip(x + 2, 0, 6).
# loses: hardswish, whole
def import_more(graph):
    def number(value):
        return relax.const(value, "float32")

    def hardswish(x):
        clipped = relax.op.clip(relax.op.add(x, number(2)), 0, 6)
        return relax.op.divide(relax.op.multiply(x, clipped), number(6))

    def mean(x, axes, keepdim=False):
        return relax.op.mean(x, axes, keepdim)

    return import_graph(graph, {**CONVERTERS, "aten.hardswish.default": hardswish, "aten.mean.dim": mean})
