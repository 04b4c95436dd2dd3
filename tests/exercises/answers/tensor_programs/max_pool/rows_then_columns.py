# The maximum of three columns first, then of three rows.
# earns: all
@I.ir_module
class MaxPool:
    @T.prim_func(s_tir=True)
    def main(X: T.Buffer((2, 3, 7, 8), "float32"), Y: T.Buffer((2, 3, 3, 3), "float32")):
        wide = T.sblock_alloc_buffer((2, 3, 7, 3), "float32")
        for n, c, y, x, w in T.grid(2, 3, 7, 3, 3):
            with T.sblock("wide"):
                vn, vc, vy, vx, vw = T.axis.remap("SSSSR", [n, c, y, x, w])
                with T.init():
                    wide[vn, vc, vy, vx] = T.min_value("float32")
                wide[vn, vc, vy, vx] = T.max(wide[vn, vc, vy, vx], X[vn, vc, vy, vx * 2 + vw])
        for n, c, y, x, h in T.grid(2, 3, 3, 3, 3):
            with T.sblock("Y"):
                vn, vc, vy, vx, vh = T.axis.remap("SSSSR", [n, c, y, x, h])
                with T.init():
                    Y[vn, vc, vy, vx] = T.min_value("float32")
                Y[vn, vc, vy, vx] = T.max(Y[vn, vc, vy, vx], wide[vn, vc, vy * 2 + vh, vx])
