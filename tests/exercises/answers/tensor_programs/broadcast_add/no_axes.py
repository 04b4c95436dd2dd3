# The block has no axes at all.
# loses: structure
@I.ir_module
class BroadcastAdd:
    @T.prim_func(s_tir=True)
    def main(A: T.Buffer((3,1,4), "float32"), B: T.Buffer((5,1), "float32"), C: T.Buffer((3,5,4), "float32")):
        for i, j, k in T.grid(3,5,4):
            with T.sblock("C"):
                C[i,j,k] = A[i,0,k] + B[j,0]
