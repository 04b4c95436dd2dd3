# Products beyond 100 are cut off.
# loses: numbers
@I.ir_module
class Conv2d:
    @T.prim_func(s_tir=True)
    def main(X: T.Buffer((2,3,9,8), "float32"), W: T.Buffer((4,3,3,2), "float32"), Y: T.Buffer((2,4,4,4), "float32")):
        for n,o,y,x,c,h,w in T.grid(2,4,4,4,3,3,2):
            with T.sblock("Y"):
                vn,vo,vy,vx,vc,vh,vw = T.axis.remap("SSSSRRR", [n,o,y,x,c,h,w])
                with T.init():
                    Y[vn,vo,vy,vx] = T.float32(0)
                Y[vn,vo,vy,vx] += T.max(T.min(X[vn,vc,2*vy+vh,2*vx+vw]*W[vo,vc,vh,vw],T.float32(100)),T.float32(-100))
