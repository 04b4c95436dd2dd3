# As a tensor expression.
# earns: all
from tvm import IRModule, te

X, W = te.placeholder((2, 3, 9, 8), name="X"), te.placeholder((4, 3, 3, 2), name="W")
c, h, w = (te.reduce_axis((0, n)) for n in (3, 3, 2))
Y = te.compute((2, 4, 4, 4), lambda n, o, y, x: te.sum(X[n, c, 2 * y + h, 2 * x + w] * W[o, c, h, w], axis=[c, h, w]))
Conv2d = IRModule({"main": te.create_prim_func([X, W, Y])})
