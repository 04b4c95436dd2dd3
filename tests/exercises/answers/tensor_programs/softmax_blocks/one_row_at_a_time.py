# One loop over rows around all blocks.
# earns: all
@I.ir_module
class Softmax:
    @T.prim_func(s_tir=True)
    def main(X: T.Buffer((5, 7), "float32"), Y: T.Buffer((5, 7), "float32")):
        m = T.sblock_alloc_buffer((5,), "float32")
        s = T.sblock_alloc_buffer((5,), "float32")
        for i in range(5):
            for k in range(7):
                with T.sblock("m"):
                    vi, vk = T.axis.remap("SR", [i, k])
                    with T.init():
                        m[vi] = T.float32(float("-inf"))
                    m[vi] = T.max(m[vi], X[vi, vk])
            for k in range(7):
                with T.sblock("s"):
                    vi, vk = T.axis.remap("SR", [i, k])
                    with T.init():
                        s[vi] = T.float32(0)
                    s[vi] = s[vi] + T.exp(X[vi, vk] - m[vi])
            for j in range(7):
                with T.sblock("Y"):
                    vi, vj = T.axis.remap("SS", [i, j])
                    Y[vi, vj] = T.exp(X[vi, vj] - m[vi]) / s[vi]
