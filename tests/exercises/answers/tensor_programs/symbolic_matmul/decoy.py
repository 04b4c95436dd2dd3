# A dummy reduction; the real work in blocks without axes.
# loses: structure
@I.ir_module
class SymbolicMatmul:
    @T.prim_func(s_tir=True)
    def main(a: T.handle, b: T.handle, c: T.handle):
        n,k,m = T.int64(), T.int64(), T.int64()
        A = T.match_buffer(a,(n,k),"float32")
        B = T.match_buffer(b,(k,m),"float32")
        C = T.match_buffer(c,(n,m),"float32")
        d = T.sblock_alloc_buffer((n,), "float32")
        for i,l in T.grid(n,k):
            with T.sblock("decoy"):
                vi,vl = T.axis.remap("SR",[i,l])
                with T.init():
                    d[vi] = T.float32(0)
                d[vi] = d[vi] + A[vi,vl]
        for i,j in T.grid(n,m):
            with T.sblock("start"):
                C[i,j] = T.float32(0)
            for l in range(k):
                with T.sblock("C"):
                    C[i,j] = C[i,j] + A[i,l]*B[l,j]
