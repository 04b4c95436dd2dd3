# Lambdas in the table.
# earns: all
def import_more(graph):
    table = dict(CONVERTERS)
    table["aten.hardswish.default"] = lambda x: x * relax.op.clip(x + relax.const(3, "float32"), 0, 6) / relax.const(6, "float32")
    table["aten.mean.dim"] = lambda x, axes, keepdim=False, dtype=None: relax.op.mean(x, axis=list(axes), keepdims=keepdim)
    return import_graph(graph, table)
