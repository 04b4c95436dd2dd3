# The operator of TVM's library.
# earns: all
from tvm import IRModule, te, topi

X, W = te.placeholder((2, 3, 9, 8), name="X"), te.placeholder((4, 3, 3, 2), name="W")
Conv2d = IRModule({"main": te.create_prim_func([X, W, topi.nn.conv2d(X, W, 2, 0, 1)])})
