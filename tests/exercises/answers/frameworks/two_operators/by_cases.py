# hardswish by cases, the mean one axis at a time.
# earns: all
def import_more(graph):
    def constant(value):
        return relax.const(float(value), "float32")

    def hardswish(x):
        middle = relax.op.divide(relax.op.multiply(x, relax.op.add(x, constant(3))), constant(6))
        low = relax.op.where(relax.op.less(x, constant(-3)), relax.op.zeros_like(x), middle)
        return relax.op.where(relax.op.greater(x, constant(3)), x, low)

    def mean(x, axes, keepdim=False):
        rank = len(x.ty.shape)
        for axis in sorted((axis % rank for axis in axes), reverse=True):
            x = relax.op.mean(x, [axis], keepdims=keepdim)
        return x

    table = CONVERTERS.copy()
    table.update({"aten.hardswish.default": hardswish, "aten.mean.dim": mean})
    return import_graph(graph, table)
