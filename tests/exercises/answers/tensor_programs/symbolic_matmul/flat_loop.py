# One loop over all elements of the result.
# earns: all
@I.ir_module
class SymbolicMatmul:
    @T.prim_func(s_tir=True)
    def main(a: T.handle, b: T.handle, c: T.handle):
        n, k, m = T.int64(), T.int64(), T.int64()
        A = T.match_buffer(a, (n, k), "float32")
        B = T.match_buffer(b, (k, m), "float32")
        C = T.match_buffer(c, (n, m), "float32")
        for f, r in T.grid(n * m, k):
            with T.sblock("C"):
                vi = T.axis.spatial(n, f // m)
                vj = T.axis.spatial(m, f % m)
                vr = T.axis.reduce(k, r)
                with T.init():
                    C[vi, vj] = T.float32(0)
                C[vi, vj] = C[vi, vj] + A[vi, vr] * B[vr, vj]
