# The operator of TVM's library, which broadcasts by itself.
# earns: all
from tvm import IRModule, te, topi

A, B = te.placeholder((3, 1, 4), name="A"), te.placeholder((5, 1), name="B")
BroadcastAdd = IRModule({"main": te.create_prim_func([A, B, topi.add(A, B)])})
