# Elements above 1000 are cut off.
# loses: positive
@I.ir_module
class MaxPool:
    @T.prim_func(s_tir=True)
    def main(X: T.Buffer((2,3,7,8), "float32"), Y: T.Buffer((2,3,3,3), "float32")):
        for n,c,y,x,h,w in T.grid(2,3,3,3,3,3):
            with T.sblock("Y"):
                vn,vc,vy,vx,vh,vw = T.axis.remap("SSSSRR", [n,c,y,x,h,w])
                with T.init():
                    Y[vn,vc,vy,vx] = T.min_value("float32")
                Y[vn,vc,vy,vx] = T.max(Y[vn,vc,vy,vx], T.min(X[vn,vc,2*vy+vh,2*vx+vw], T.float32(1000)))
