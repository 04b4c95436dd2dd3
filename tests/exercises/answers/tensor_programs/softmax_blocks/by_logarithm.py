# The sum goes into the exponent, as a logarithm.
# earns: all
@I.ir_module
class Softmax:
    @T.prim_func(s_tir=True)
    def main(X: T.Buffer((5, 7), "float32"), Y: T.Buffer((5, 7), "float32")):
        shifted = T.sblock_alloc_buffer((5, 7), "float32")
        m = T.sblock_alloc_buffer((5,), "float32")
        s = T.sblock_alloc_buffer((5,), "float32")
        for i, k in T.grid(5, 7):
            with T.sblock("m"):
                vi, vk = T.axis.remap("SR", [i, k])
                with T.init():
                    m[vi] = X[vi, 0]
                m[vi] = T.max(m[vi], X[vi, vk])
        for i, j in T.grid(5, 7):
            with T.sblock("shifted"):
                vi, vj = T.axis.remap("SS", [i, j])
                shifted[vi, vj] = X[vi, vj] - m[vi]
        for i, k in T.grid(5, 7):
            with T.sblock("s"):
                vi, vk = T.axis.remap("SR", [i, k])
                with T.init():
                    s[vi] = T.float32(0)
                s[vi] = s[vi] + T.exp(shifted[vi, vk])
        for i, j in T.grid(5, 7):
            with T.sblock("Y"):
                vi, vj = T.axis.remap("SS", [i, j])
                Y[vi, vj] = T.exp(shifted[vi, vj] - T.log(s[vi]))
