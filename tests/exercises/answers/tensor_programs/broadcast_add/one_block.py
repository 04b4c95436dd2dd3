# One block of one iteration, all loops inside it.
# loses: structure
@I.ir_module
class BroadcastAdd:
    @T.prim_func(s_tir=True)
    def main(A: T.Buffer((3,1,4), "float32"), B: T.Buffer((5,1), "float32"), C: T.Buffer((3,5,4), "float32")):
        with T.sblock("C"):
            v = T.axis.spatial(1, 0)
            for i, j, k in T.grid(3,5,4):
                C[i,j,k] = A[i,0,k] + B[j,0]
