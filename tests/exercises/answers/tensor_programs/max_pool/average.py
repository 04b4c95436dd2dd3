# A mean instead of a maximum.
# loses: positive,negative
MaxPool = None
@I.ir_module
class MaxPool:
    @T.prim_func(s_tir=True)
    def main(X: T.Buffer((2, 3, 7, 8), "float32"), Y: T.Buffer((2, 3, 3, 3), "float32")):
        for n, c, y, x, h, w in T.grid(2, 3, 3, 3, 3, 3):
            with T.sblock("Y"):
                vn, vc, vy, vx, vh, vw = T.axis.remap("SSSSRR", [n, c, y, x, h, w])
                with T.init():
                    Y[vn, vc, vy, vx] = T.float32(0)
                Y[vn, vc, vy, vx] = Y[vn, vc, vy, vx] + X[vn, vc, vy * 2 + vh, vx * 2 + vw] / T.float32(9)
