# One loop over all elements.
# earns: all
BroadcastAdd = None
@I.ir_module
class BroadcastAdd:
    @T.prim_func(s_tir=True)
    def main(A: T.Buffer((3, 1, 4), "float32"), B: T.Buffer((5, 1), "float32"), C: T.Buffer((3, 5, 4), "float32")):
        for f in range(60):
            with T.sblock("C"):
                vi = T.axis.spatial(3, f // 20)
                vj = T.axis.spatial(5, f % 20 // 4)
                vk = T.axis.spatial(4, f % 4)
                C[vi, vj, vk] = A[vi, 0, vk] + B[vj, 0]
