# Parameters as handles, a parallel loop over rows, vectors inside.
# earns: all
@I.ir_module
class BroadcastAdd:
    @T.prim_func(s_tir=True)
    def main(a: T.handle, b: T.handle, c: T.handle):
        A = T.match_buffer(a, (3, 1, 4), "float32")
        B = T.match_buffer(b, (5, 1), "float32")
        C = T.match_buffer(c, (3, 5, 4), "float32")
        for i in T.parallel(3):
            for j in T.unroll(5):
                for k in T.vectorized(4):
                    with T.sblock("C"):
                        vi, vj, vk = T.axis.remap("SSS", [i, j, k])
                        C[vi, vj, vk] = A[vi, 0, vk] + B[vj, 0]
