# The second matrix is transposed first, so that both are read along rows.
# earns: all
@I.ir_module
class SymbolicMatmul:
    @T.prim_func(s_tir=True)
    def main(a: T.handle, b: T.handle, c: T.handle):
        n, k, m = T.int64(), T.int64(), T.int64()
        A = T.match_buffer(a, (n, k), "float32")
        B = T.match_buffer(b, (k, m), "float32")
        C = T.match_buffer(c, (n, m), "float32")
        turned = T.sblock_alloc_buffer((m, k), "float32")
        for j, r in T.grid(m, k):
            with T.sblock("turned"):
                vj, vr = T.axis.remap("SS", [j, r])
                turned[vj, vr] = B[vr, vj]
        for i, j, r in T.grid(n, m, k):
            with T.sblock("C"):
                vi, vj, vr = T.axis.remap("SSR", [i, j, r])
                with T.init():
                    C[vi, vj] = T.float32(0)
                C[vi, vj] += A[vi, vr] * turned[vj, vr]
