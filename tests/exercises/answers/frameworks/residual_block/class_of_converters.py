# The converters are methods of a class; numbers of channels read from the graph.
# earns: all
class Converters:
    @staticmethod
    def group_norm(x, groups, weight=None, bias=None, eps=1e-5, cudnn_enabled=True):
        channels = int(x.ty.shape[1])
        if weight is None:
            weight = relax.op.full((channels,), relax.const(1, "float32"))
        if bias is None:
            bias = relax.op.full((channels,), relax.const(0, "float32"))
        return relax.op.nn.group_norm(x, weight, bias, groups, 1, [2, 3], eps)

    @staticmethod
    def silu(x):
        return relax.op.divide(x, relax.op.add(relax.const(1, "float32"), relax.op.exp(relax.op.negative(x))))

    @staticmethod
    def add(x, y):
        return relax.op.add(x, y)

    @classmethod
    def table(cls):
        return {"aten.group_norm.default": cls.group_norm, "aten.silu_.default": cls.silu, "aten.add_.Tensor": cls.add}


def import_residual(graph, weights):
    module = import_graph(graph, dict(CONVERTERS, **Converters.table()))
    return bind_weights(module, weights)
