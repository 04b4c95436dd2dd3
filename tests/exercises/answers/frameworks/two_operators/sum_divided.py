# The mean as a sum divided by the number of elements; keepdim by a reshape.
# earns: all
import math

SIX = relax.const(6, "float32")


def hardswish(x):
    return relax.op.multiply(x, relax.op.clip(x / SIX + relax.const(0.5, "float32"), 0, 1))


def mean(x, axes, keepdim=False):
    sizes = list(x.ty.shape)
    chosen = {axis if axis >= 0 else axis + len(sizes) for axis in axes}
    count = math.prod(int(sizes[axis]) for axis in chosen)
    total = relax.op.sum(x, sorted(chosen))
    if keepdim:
        total = relax.op.reshape(total, [1 if axis in chosen else size for axis, size in enumerate(sizes)])
    return relax.op.divide(total, relax.const(count, "float32"))


def import_more(graph):
    return import_graph(graph, CONVERTERS | {"aten.hardswish.default": hardswish, "aten.mean.dim": mean})
