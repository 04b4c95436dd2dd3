# 0.0447 instead of 0.044715.
# loses: numbers
# says: not exact
def matmul_bias_gelu(n, k, m):
    X = te.placeholder((n, k), "float32", name="X")
    W = te.placeholder((k, m), "float32", name="W")
    B = te.placeholder((m,), "float32", name="B")
    r = te.reduce_axis((0, k), name="r")
    P = te.compute((n, m), lambda i, j: te.sum(X[i, r] * W[r, j], axis=r), name="P")
    c = lambda v: tirx.const(v, "float32")

    def f(i, j):
        s = P[i, j] + B[j]
        return c(0.5) * s * (c(1) + te.tanh(c(0.7978845608028654) * (s + c(0.0447) * s * s * s)))
    return tvm.IRModule({"main": te.create_prim_func([X, W, B, te.compute((n, m), f, name="Y")])})
