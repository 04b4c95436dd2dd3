# The halving is done last.
# earns: all
Repaired = None
@I.ir_module
class Repaired:
    @T.prim_func(s_tir=True)
    def main(A: T.Buffer((256,), "float32"), B: T.Buffer((128,), "float32")):
        T.func_attr({"tirx.noalias": True})
        for bx in T.thread_binding(4, thread="blockIdx.x"):
            for tx in T.thread_binding(64, thread="threadIdx.x"):
                with T.sblock("kernel"):
                    S = T.sblock_alloc_buffer((64,), "float32", scope="shared")
                    mean = T.sblock_alloc_buffer((1,), "float32", scope="local")
                    S[tx] = A[bx * 64 + tx]
                    for _ in range(3):
                        T.evaluate(T.tvm_storage_sync("shared"))
                        mean[0] = S[tx] + S[(tx + 1) % 64]
                        T.evaluate(T.tvm_storage_sync("shared"))
                        S[tx] = mean[0]
                    T.evaluate(T.tvm_storage_sync("shared"))
                    if tx < 32:
                        B[bx * 32 + tx] = (S[tx] + S[tx + 32]) * T.float32(0.125)
