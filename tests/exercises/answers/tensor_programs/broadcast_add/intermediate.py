# The row of A first copied.
# earns: all
BroadcastAdd = None
@I.ir_module
class BroadcastAdd:
    @T.prim_func(s_tir=True)
    def main(A: T.Buffer((3, 1, 4), "float32"), B: T.Buffer((5, 1), "float32"), C: T.Buffer((3, 5, 4), "float32")):
        row = T.sblock_alloc_buffer((3, 4), "float32")
        for i, k in T.grid(3, 4):
            with T.sblock("row"):
                vi, vk = T.axis.remap("SS", [i, k])
                row[vi, vk] = A[vi, 0, vk]
        for i, j, k in T.grid(3, 5, 4):
            with T.sblock("C"):
                vi, vj, vk = T.axis.remap("SSS", [i, j, k])
                C[vi, vj, vk] = row[vi, vk] + B[vj, 0]
