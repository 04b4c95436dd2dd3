# Handles and match_buffer.
# earns: all
@I.ir_module
class Smmla:
    @T.prim_func(s_tir=True)
    def main(a: T.handle, b: T.handle, c: T.handle):
        X = T.match_buffer(a, (2, 8), "int8", offset_factor=1)
        Y = T.match_buffer(b, (2, 8), "int8", offset_factor=1)
        Z = T.match_buffer(c, (2, 2), "int32", offset_factor=1)
        with T.sblock("root"):
            T.reads(Z[0:2, 0:2], X[0:2, 0:8], Y[0:2, 0:8])
            T.writes(Z[0:2, 0:2])
            for i, j, p in T.grid(2, 2, 8):
                with T.sblock("update"):
                    vi, vj, vp = T.axis.remap("SSR", [i, j, p])
                    Z[vi, vj] = Z[vi, vj] + T.cast(X[vi, vp], "int32") * T.cast(Y[vj, vp], "int32")
