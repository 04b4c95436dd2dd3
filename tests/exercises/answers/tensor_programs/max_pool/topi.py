# The operator of TVM's library.
# earns: all
from tvm import IRModule, te, topi

X = te.placeholder((2, 3, 7, 8), name="X")
Y = topi.nn.pool2d(X, (3, 3), (2, 2), (1, 1), (0, 0, 0, 0), "max")
MaxPool = IRModule({"main": te.create_prim_func([X, Y])})
