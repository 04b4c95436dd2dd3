# One axis for the whole window.
# earns: all
Conv2d = None
@I.ir_module
class Conv2d:
    @T.prim_func(s_tir=True)
    def main(
        X: T.Buffer((2, 3, 9, 8), "float32"), W: T.Buffer((4, 3, 3, 2), "float32"), Y: T.Buffer((2, 4, 4, 4), "float32")
    ):
        for n, o, y, x, r in T.grid(2, 4, 4, 4, 18):
            with T.sblock("Y"):
                vn, vo, vy, vx, vr = T.axis.remap("SSSSR", [n, o, y, x, r])
                with T.init():
                    Y[vn, vo, vy, vx] = T.float32(0)
                Y[vn, vo, vy, vx] = Y[vn, vo, vy, vx] + X[vn, vr // 6, vy * 2 + vr % 6 // 2, vx * 2 + vr % 2] * W[vo, vr // 6, vr % 6 // 2, vr % 2]
