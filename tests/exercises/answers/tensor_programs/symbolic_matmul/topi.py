# The operator of TVM's library.
# earns: all
from tvm import IRModule, te, topi

n, k, m = (te.var(name, dtype="int64") for name in "nkm")
A, B = te.placeholder((n, k), name="A"), te.placeholder((k, m), name="B")
SymbolicMatmul = IRModule({"main": te.create_prim_func([A, B, topi.matmul(A, B)])})
