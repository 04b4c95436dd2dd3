# Indexes A outside of its shape; right by the memory layout only.
# loses: numbers
@I.ir_module
class BroadcastAdd:
    @T.prim_func(s_tir=True)
    def main(A: T.Buffer((3,1,4), "float32"), B: T.Buffer((5,1), "float32"), C: T.Buffer((3,5,4), "float32")):
        for i, j, k in T.grid(3,5,4):
            with T.sblock("C"):
                vi, vj, vk = T.axis.remap("SSS", [i, j, k])
                C[vi,vj,vk] = A[0,0,vi*4+vk] + B[vj,0]
