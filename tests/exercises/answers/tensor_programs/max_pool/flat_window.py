# One reduction axis for the nine places of a window.
# earns: all
@I.ir_module
class MaxPool:
    @T.prim_func(s_tir=True)
    def main(X: T.Buffer((2, 3, 7, 8), "float32"), Y: T.Buffer((2, 3, 3, 3), "float32")):
        for n, c, y, x, r in T.grid(2, 3, 3, 3, 9):
            with T.sblock("Y"):
                vn, vc, vy, vx, vr = T.axis.remap("SSSSR", [n, c, y, x, r])
                with T.init():
                    Y[vn, vc, vy, vx] = -T.infinity("float32")
                Y[vn, vc, vy, vx] = T.max(X[vn, vc, vy * 2 + vr // 3, vx * 2 + vr % 3], Y[vn, vc, vy, vx])
