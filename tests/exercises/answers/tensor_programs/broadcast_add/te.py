# As a tensor expression.
# earns: all
from tvm import IRModule, te

A, B = te.placeholder((3, 1, 4), name="A"), te.placeholder((5, 1), name="B")
C = te.compute((3, 5, 4), lambda i, j, k: A[i, 0, k] + B[j, 0], name="C")
BroadcastAdd = IRModule({"main": te.create_prim_func([A, B, C])})
