# The last axis is a loop inside the block.
# loses: structure
@I.ir_module
class BroadcastAdd:
    @T.prim_func(s_tir=True)
    def main(A: T.Buffer((3,1,4), "float32"), B: T.Buffer((5,1), "float32"), C: T.Buffer((3,5,4), "float32")):
        for i, j in T.grid(3,5):
            with T.sblock("C"):
                vi, vj = T.axis.remap("SS", [i, j])
                for k in range(4):
                    C[vi,vj,k] = A[vi,0,k] + B[vj,0]
