# As tensor expressions.
# earns: all
from tvm import IRModule, te, tirx

X = te.placeholder((5, 7), name="X")
k, r = te.reduce_axis((0, 7), name="k"), te.reduce_axis((0, 7), name="r")
m = te.compute((5,), lambda i: te.max(X[i, k], axis=k), name="m")
s = te.compute((5,), lambda i: te.sum(tirx.exp(X[i, r] - m[i]), axis=r), name="s")
Y = te.compute((5, 7), lambda i, j: tirx.exp(X[i, j] - m[i]) / s[i], name="Y")
Softmax = IRModule({"main": te.create_prim_func([X, Y])})
