# One summed axis is written out instead of declared.
# loses: structure
@I.ir_module
class Conv2d:
    @T.prim_func(s_tir=True)
    def main(X: T.Buffer((2,3,9,8), "float32"), W: T.Buffer((4,3,3,2), "float32"), Y: T.Buffer((2,4,4,4), "float32")):
        for n,o,y,x,c,h in T.grid(2,4,4,4,3,3):
            with T.sblock("Y"):
                vn,vo,vy,vx,vc,vh = T.axis.remap("SSSSRR", [n,o,y,x,c,h])
                with T.init():
                    Y[vn,vo,vy,vx] = T.float32(0)
                Y[vn,vo,vy,vx] = Y[vn,vo,vy,vx] + X[vn,vc,2*vy+vh,2*vx]*W[vo,vc,vh,0] + X[vn,vc,2*vy+vh,2*vx+1]*W[vo,vc,vh,1]
