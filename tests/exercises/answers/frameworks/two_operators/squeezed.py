# The axes are always kept and then squeezed away.
# earns: all
def import_more(graph):
    def number(value):
        return relax.const(value, "float32")

    def hardswish(x):
        clipped = relax.op.clip(relax.op.add(x, number(3)), 0, 6)
        return relax.op.divide(relax.op.multiply(x, clipped), number(6))

    def mean(x, axes, keepdim=False):
        out = relax.op.mean(x, axes, True)
        return out if keepdim else relax.op.squeeze(out, axes)

    return import_graph(graph, {**CONVERTERS, "aten.hardswish.default": hardswish, "aten.mean.dim": mean})
