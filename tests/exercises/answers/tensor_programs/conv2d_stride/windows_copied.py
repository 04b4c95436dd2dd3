# The windows of the image first copied out of it.
# earns: all
@I.ir_module
class Conv2d:
    @T.prim_func(s_tir=True)
    def main(
        X: T.Buffer((2, 3, 9, 8), "float32"), W: T.Buffer((4, 3, 3, 2), "float32"), Y: T.Buffer((2, 4, 4, 4), "float32")
    ):
        windows = T.sblock_alloc_buffer((2, 4, 4, 3, 3, 2), "float32")
        for n, y, x, c, h, w in T.grid(2, 4, 4, 3, 3, 2):
            with T.sblock("windows"):
                vn, vy, vx, vc, vh, vw = T.axis.remap("SSSSSS", [n, y, x, c, h, w])
                windows[vn, vy, vx, vc, vh, vw] = X[vn, vc, vy * 2 + vh, vx * 2 + vw]
        for n, o, y, x, c, h, w in T.grid(2, 4, 4, 4, 3, 3, 2):
            with T.sblock("Y"):
                vn, vo, vy, vx, vc, vh, vw = T.axis.remap("SSSSRRR", [n, o, y, x, c, h, w])
                with T.init():
                    Y[vn, vo, vy, vx] = T.float32(0)
                Y[vn, vo, vy, vx] += windows[vn, vy, vx, vc, vh, vw] * W[vo, vc, vh, vw]
