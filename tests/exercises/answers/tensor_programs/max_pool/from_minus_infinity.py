# Starts from minus infinity.
# earns: all
MaxPool = None
@I.ir_module
class MaxPool:
    @T.prim_func(s_tir=True)
    def main(X: T.Buffer((2, 3, 7, 8), "float32"), Y: T.Buffer((2, 3, 3, 3), "float32")):
        for n, c, y, x, h, w in T.grid(2, 3, 3, 3, 3, 3):
            with T.sblock("Y"):
                vn, vc, vy, vx, vh, vw = T.axis.remap("SSSSRR", [n, c, y, x, h, w])
                with T.init():
                    Y[vn, vc, vy, vx] = T.float32(float("-inf"))
                Y[vn, vc, vy, vx] = T.max(Y[vn, vc, vy, vx], X[vn, vc, vy * 2 + vh, vx * 2 + vw])
