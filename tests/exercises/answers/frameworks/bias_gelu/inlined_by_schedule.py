# The sum is a stage of its own, inlined by a schedule.
# earns: all
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

    total = te.compute((n, m), lambda i, j: product[i, j] + B[j], name="total")
    Y = te.compute((n, m), lambda i, j: gelu(total[i, j]), name="Y")
    sch = tvm.s_tir.Schedule(te.create_prim_func([X, W, B, Y]))
    sch.compute_inline("total")
    return sch.mod
