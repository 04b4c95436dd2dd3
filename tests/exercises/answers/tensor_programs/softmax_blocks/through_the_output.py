# The output holds the exponentials first, and is divided in place.
# earns: all
@I.ir_module
class Softmax:
    @T.prim_func(s_tir=True)
    def main(X: T.Buffer((5, 7), "float32"), Y: T.Buffer((5, 7), "float32")):
        m = T.sblock_alloc_buffer((5,), "float32")
        s = T.sblock_alloc_buffer((5,), "float32")
        for i, k in T.grid(5, 7):
            with T.sblock("largest"):
                vi, vk = T.axis.remap("SR", [i, k])
                with T.init():
                    m[vi] = T.min_value("float32")
                m[vi] = T.max(m[vi], X[vi, vk])
        for i, j in T.grid(5, 7):
            with T.sblock("exponentials"):
                vi, vj = T.axis.remap("SS", [i, j])
                Y[vi, vj] = T.exp(X[vi, vj] - m[vi])
        for i, k in T.grid(5, 7):
            with T.sblock("sum"):
                vi, vk = T.axis.remap("SR", [i, k])
                with T.init():
                    s[vi] = T.float32(0)
                s[vi] += Y[vi, vk]
        for i, j in T.grid(5, 7):
            with T.sblock("quotient"):
                vi, vj = T.axis.remap("SS", [i, j])
                Y[vi, vj] = Y[vi, vj] / s[vi]
