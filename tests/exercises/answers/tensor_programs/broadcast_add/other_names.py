# Another name of the block, nested loops.
# earns: all
BroadcastAdd = None
@I.ir_module
class BroadcastAdd:
    @T.prim_func(s_tir=True)
    def main(A: T.Buffer((3, 1, 4), "float32"), B: T.Buffer((5, 1), "float32"), C: T.Buffer((3, 5, 4), "float32")):
        for i in range(3):
          for j in range(5):
            for k in T.serial(4):
              with T.sblock("sum"):
                vi, vj, vk = T.axis.remap("SSS", [i, j, k])
                C[vi, vj, vk] = A[vi, 0, vk] + B[vj, 0]
