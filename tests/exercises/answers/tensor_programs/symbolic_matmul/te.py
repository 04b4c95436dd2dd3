# As a tensor expression.
# earns: all
from tvm import IRModule, te

n, k, m = (te.var(name, dtype="int64") for name in "nkm")
A, B = te.placeholder((n, k), name="A"), te.placeholder((k, m), name="B")
r = te.reduce_axis((0, k))
C = te.compute((n, m), lambda i, j: te.sum(A[i, r] * B[r, j], axis=r))
SymbolicMatmul = IRModule({"main": te.create_prim_func([A, B, C])})
