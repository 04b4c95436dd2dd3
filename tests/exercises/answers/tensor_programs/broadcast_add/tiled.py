# A split loop with a predicate-free tile.
# earns: all
BroadcastAdd = None
@I.ir_module
class BroadcastAdd:
    @T.prim_func(s_tir=True)
    def main(A: T.Buffer((3, 1, 4), "float32"), B: T.Buffer((5, 1), "float32"), C: T.Buffer((3, 5, 4), "float32")):
        for k0, i, j, k1 in T.grid(2, 3, 5, 2):
            with T.sblock("C"):
                vi, vj = T.axis.remap("SS", [i, j])
                vk = T.axis.spatial(4, k0 * 2 + k1)
                C[vi, vj, vk] = A[vi, 0, vk] + B[vj, 0]
