# A sum for each channel first, then the sum of the channels.
# earns: all
@I.ir_module
class Conv2d:
    @T.prim_func(s_tir=True)
    def main(
        X: T.Buffer((2, 3, 9, 8), "float32"), W: T.Buffer((4, 3, 3, 2), "float32"), Y: T.Buffer((2, 4, 4, 4), "float32")
    ):
        parts = T.sblock_alloc_buffer((2, 4, 3, 4, 4), "float32")
        for n, o, c, y, x, h, w in T.grid(2, 4, 3, 4, 4, 3, 2):
            with T.sblock("parts"):
                vn, vo, vc, vy, vx, vh, vw = T.axis.remap("SSSSSRR", [n, o, c, y, x, h, w])
                with T.init():
                    parts[vn, vo, vc, vy, vx] = T.float32(0)
                parts[vn, vo, vc, vy, vx] += X[vn, vc, vy * 2 + vh, vx * 2 + vw] * W[vo, vc, vh, vw]
        for n, o, y, x, c in T.grid(2, 4, 4, 4, 3):
            with T.sblock("Y"):
                vn, vo, vy, vx, vc = T.axis.remap("SSSSR", [n, o, y, x, c])
                with T.init():
                    Y[vn, vo, vy, vx] = T.float32(0)
                Y[vn, vo, vy, vx] += parts[vn, vo, vc, vy, vx]
