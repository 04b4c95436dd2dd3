# The bias is left out.
# loses: numbers
# says: bias is missing
def matmul_bias_gelu(n, k, m):
    X = te.placeholder((n, k), "float32", name="X")
    W = te.placeholder((k, m), "float32", name="W")
    B = te.placeholder((m,), "float32", name="B")
    r = te.reduce_axis((0, k), name="r")
    product = te.compute((n, m), lambda i, j: te.sum(X[i, r] * W[r, j], axis=r), name="product")

    def constant(value):
        return tirx.const(value, "float32")

    def gelu(s):
        inner = constant((2 / 3.141592653589793) ** 0.5) * (s + constant(0.044715) * s * s * s)
        return constant(0.5) * s * (constant(1) + te.tanh(inner))

    Y = te.compute((n, m), lambda i, j: gelu(product[i, j] + constant(0) * B[j]), name="Y")
    return tvm.IRModule({"main": te.create_prim_func([X, W, B, Y])})
