# The product is stored with rows and columns exchanged; the cube by powers.
# earns: all
def matmul_bias_gelu(n, k, m):
    X, W, B = (te.placeholder(shape, "float32", name=name) for name, shape in zip("XWB", [(n, k), (k, m), (m,)]))
    r = te.reduce_axis((0, k), name="r")
    turned = te.compute((m, n), lambda j, i: te.sum(W[r, j] * X[i, r], axis=r), name="turned")

    def gelu(s):
        third = s * (s * s)
        inside = (s + third * tirx.const(0.044715, "float32")) * tirx.const(0.7978845608028654, "float32")
        return (tirx.tanh(inside) + tirx.const(1, "float32")) * s * tirx.const(0.5, "float32")

    Y = te.compute((n, m), lambda i, j: gelu(turned[j, i] + B[j]), name="Y")
    return tvm.IRModule({"main": te.create_prim_func([X, W, B, Y])})
