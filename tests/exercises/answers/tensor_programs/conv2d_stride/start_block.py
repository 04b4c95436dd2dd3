# The initial value in a block of its own; the axes declared one by one.
# earns: all
@I.ir_module
class Conv2d:
    @T.prim_func(s_tir=True)
    def main(
        X: T.Buffer((2, 3, 9, 8), "float32"), W: T.Buffer((4, 3, 3, 2), "float32"), Y: T.Buffer((2, 4, 4, 4), "float32")
    ):
        for n, o, y, x in T.grid(2, 4, 4, 4):
            with T.sblock("start"):
                vn, vo, vy, vx = T.axis.remap("SSSS", [n, o, y, x])
                Y[vn, vo, vy, vx] = T.float32(0)
        for n, o, y, x, c, h, w in T.grid(2, 4, 4, 4, 3, 3, 2):
            with T.sblock("Y"):
                vn = T.axis.spatial(2, n)
                vo = T.axis.spatial(4, o)
                vy = T.axis.spatial(4, y)
                vx = T.axis.spatial(4, x)
                vc = T.axis.reduce(3, c)
                vh = T.axis.reduce(3, h)
                vw = T.axis.reduce(2, w)
                Y[vn, vo, vy, vx] = X[vn, vc, 2 * vy + vh, 2 * vx + vw] * W[vo, vc, vh, vw] + Y[vn, vo, vy, vx]
