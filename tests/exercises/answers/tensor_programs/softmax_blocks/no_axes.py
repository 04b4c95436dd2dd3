# Two dummy reductions; the real work in blocks without axes.
# loses: structure
@I.ir_module
class Softmax:
    @T.prim_func(s_tir=True)
    def main(X: T.Buffer((5,7), "float32"), Y: T.Buffer((5,7), "float32")):
        m = T.sblock_alloc_buffer((5,), "float32")
        s = T.sblock_alloc_buffer((5,), "float32")
        d = T.sblock_alloc_buffer((5,), "float32")
        e = T.sblock_alloc_buffer((5,), "float32")
        for i,k in T.grid(5,7):
            with T.sblock("d"):
                vi,vk = T.axis.remap("SR",[i,k])
                with T.init():
                    d[vi] = T.float32(0)
                d[vi] = d[vi] + X[vi,vk]
        for i,k in T.grid(5,7):
            with T.sblock("e"):
                vi,vk = T.axis.remap("SR",[i,k])
                with T.init():
                    e[vi] = T.float32(0)
                e[vi] = e[vi] + X[vi,vk]
        for i,k in T.grid(5,7):
            with T.sblock("m"):
                if k == 0:
                    m[i] = T.min_value("float32")
                m[i] = T.max(m[i], X[i,k])
        for i,k in T.grid(5,7):
            with T.sblock("s"):
                if k == 0:
                    s[i] = T.float32(0)
                s[i] = s[i] + T.exp(X[i,k]-m[i])
        for i,j in T.grid(5,7):
            with T.sblock("Y"):
                Y[i,j] = T.exp(X[i,j]-m[i])/s[i]
