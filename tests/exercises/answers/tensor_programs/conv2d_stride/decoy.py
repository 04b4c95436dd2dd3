# A dummy reduction; the real work in blocks without axes.
# loses: structure
@I.ir_module
class Conv2d:
    @T.prim_func(s_tir=True)
    def main(X: T.Buffer((2,3,9,8), "float32"), W: T.Buffer((4,3,3,2), "float32"), Y: T.Buffer((2,4,4,4), "float32")):
        d = T.sblock_alloc_buffer((4,), "float32")
        for o, c in T.grid(4, 3):
            with T.sblock("decoy"):
                vo, vc = T.axis.remap("SR", [o, c])
                with T.init():
                    d[vo] = T.float32(0)
                d[vo] = d[vo] + W[vo, vc, 0, 0]
        for n,o,y,x in T.grid(2,4,4,4):
            with T.sblock("start"):
                Y[n,o,y,x] = T.float32(0)
            for c,h,w in T.grid(3,3,2):
                with T.sblock("Y"):
                    Y[n,o,y,x] = Y[n,o,y,x] + X[n,c,2*y+h,2*x+w]*W[o,c,h,w]
