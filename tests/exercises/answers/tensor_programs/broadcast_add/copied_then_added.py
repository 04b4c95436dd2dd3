# The output first holds A, then B is added to it.
# earns: all
@I.ir_module
class BroadcastAdd:
    @T.prim_func(s_tir=True)
    def main(A: T.Buffer((3, 1, 4), "float32"), B: T.Buffer((5, 1), "float32"), C: T.Buffer((3, 5, 4), "float32")):
        for i, j, k in T.grid(3, 5, 4):
            with T.sblock("copy"):
                vi, vj, vk = T.axis.remap("SSS", [i, j, k])
                C[vi, vj, vk] = A[vi, 0, vk]
        for i, j, k in T.grid(3, 5, 4):
            with T.sblock("add"):
                vi, vj, vk = T.axis.remap("SSS", [i, j, k])
                C[vi, vj, vk] += B[vj, 0]
