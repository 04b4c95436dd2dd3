# As a tensor expression.
# earns: all
from tvm import IRModule, te

X = te.placeholder((2, 3, 7, 8), name="X")
h, w = te.reduce_axis((0, 3), name="h"), te.reduce_axis((0, 3), name="w")
Y = te.compute((2, 3, 3, 3), lambda n, c, y, x: te.max(X[n, c, 2 * y + h, 2 * x + w], axis=[h, w]), name="Y")
MaxPool = IRModule({"main": te.create_prim_func([X, Y])})
