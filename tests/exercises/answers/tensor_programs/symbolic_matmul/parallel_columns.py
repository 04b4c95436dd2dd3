# Parallel over columns, the sum in a buffer of its own, copied at the end.
# earns: all
@I.ir_module
class SymbolicMatmul:
    @T.prim_func(s_tir=True)
    def main(a: T.handle, b: T.handle, c: T.handle):
        n, k, m = T.int64(), T.int64(), T.int64()
        A = T.match_buffer(a, (n, k), "float32")
        B = T.match_buffer(b, (k, m), "float32")
        C = T.match_buffer(c, (n, m), "float32")
        total = T.sblock_alloc_buffer((n, m), "float32")
        for j in T.parallel(m):
            for i in range(n):
                for r in range(k):
                    with T.sblock("total"):
                        vi, vj, vr = T.axis.remap("SSR", [i, j, r])
                        with T.init():
                            total[vi, vj] = T.float32(0)
                        total[vi, vj] = total[vi, vj] + A[vi, vr] * B[vr, vj]
        for i, j in T.grid(n, m):
            with T.sblock("C"):
                vi, vj = T.axis.remap("SS", [i, j])
                C[vi, vj] = total[vi, vj]
