# As two tensor expressions.
# earns: all
from tvm import IRModule, te

A, w = te.placeholder((5, 7), name="A"), te.placeholder((7,), name="w")
product = te.compute((5, 7), lambda i, k: A[i, k] * w[k], name="product")
k = te.reduce_axis((0, 7), name="k")
y = te.compute((5,), lambda i: te.sum(product[i, k], axis=k), name="y")
Repaired = IRModule({"main": te.create_prim_func([A, w, y])})
