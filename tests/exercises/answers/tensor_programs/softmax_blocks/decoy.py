# Neither reduction is used; Y is written out from X alone.
# loses: structure
@I.ir_module
class Softmax:
    @T.prim_func(s_tir=True)
    def main(X: T.Buffer((5,7), "float32"), Y: T.Buffer((5,7), "float32")):
        m = T.sblock_alloc_buffer((5,), "float32")
        s = T.sblock_alloc_buffer((5,), "float32")
        for i,k in T.grid(5,7):
            with T.sblock("m"):
                vi,vk = T.axis.remap("SR",[i,k])
                with T.init():
                    m[vi] = T.min_value("float32")
                m[vi] = T.max(m[vi], X[vi,vk])
        for i,k in T.grid(5,7):
            with T.sblock("s"):
                vi,vk = T.axis.remap("SR",[i,k])
                with T.init():
                    s[vi] = T.float32(0)
                s[vi] = s[vi] + X[vi,vk]
        for i,j in T.grid(5,7):
            with T.sblock("Y"):
                vi,vj = T.axis.remap("SS",[i,j])
                Y[vi,vj] = T.float32(1)/(T.exp(X[vi,0]-X[vi,vj])+T.exp(X[vi,1]-X[vi,vj])+T.exp(X[vi,2]-X[vi,vj])+T.exp(X[vi,3]-X[vi,vj])+T.exp(X[vi,4]-X[vi,vj])+T.exp(X[vi,5]-X[vi,vj])+T.exp(X[vi,6]-X[vi,vj]))
