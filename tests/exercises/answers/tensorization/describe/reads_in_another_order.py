# What is read, in another order.
# loses: accepted
# says: in the order C, A, B
@I.ir_module
class Smmla:
    @T.prim_func(s_tir=True)
    def main(A: T.Buffer((2, 8), "int8", offset_factor=1), B: T.Buffer((2, 8), "int8", offset_factor=1), C: T.Buffer((2, 2), "int32", offset_factor=1)):
        with T.sblock("root"):
            T.reads(A[0:2, 0:8], B[0:2, 0:8], C[0:2, 0:2])
            T.writes(C[0:2, 0:2])
            for i, j, p in T.grid(2, 2, 8):
                with T.sblock("smmla"):
                    vi, vj, vp = T.axis.remap("SSR", [i, j, p])
                    C[vi, vj] = C[vi, vj] + T.cast(B[vj, vp], "int32") * T.cast(A[vi, vp], "int32")
