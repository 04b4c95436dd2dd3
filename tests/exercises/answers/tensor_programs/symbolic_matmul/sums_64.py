# Terms after the 64th are left out.
# loses: numbers
@I.ir_module
class SymbolicMatmul:
    @T.prim_func(s_tir=True)
    def main(a: T.handle, b: T.handle, c: T.handle):
        n,k,m = T.int64(), T.int64(), T.int64()
        A = T.match_buffer(a,(n,k),"float32")
        B = T.match_buffer(b,(k,m),"float32")
        C = T.match_buffer(c,(n,m),"float32")
        for i,j,l in T.grid(n,m,k):
            with T.sblock("C"):
                vi,vj,vl = T.axis.remap("SSR",[i,j,l])
                with T.init():
                    C[vi,vj] = T.float32(0)
                C[vi,vj] = C[vi,vj] + T.if_then_else(vl < 64, A[vi,vl]*B[vl,vj], T.float32(0))
