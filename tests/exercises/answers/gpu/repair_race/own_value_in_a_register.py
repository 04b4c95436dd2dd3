# A thread keeps its own element in a register and publishes it.
# earns: all
@I.ir_module
class Repaired:
    @T.prim_func(s_tir=True)
    def main(A: T.Buffer((256,), "float32"), B: T.Buffer((128,), "float32")):
        T.func_attr({"tirx.noalias": True})
        for bx in T.thread_binding(4, thread="blockIdx.x"):
            for tx in T.thread_binding(64, thread="threadIdx.x"):
                with T.sblock("kernel"):
                    S = T.sblock_alloc_buffer((64,), "float32", scope="shared")
                    own = T.sblock_alloc_buffer((1,), "float32", scope="local")
                    own[0] = A[bx * 64 + tx]
                    for _ in range(3):
                        S[tx] = own[0]
                        T.evaluate(T.tvm_storage_sync("shared"))
                        own[0] = (own[0] + S[(tx + 1) % 64]) * T.float32(0.5)
                        T.evaluate(T.tvm_storage_sync("shared"))
                    S[tx] = own[0]
                    T.evaluate(T.tvm_storage_sync("shared"))
                    if tx < 32:
                        B[bx * 32 + tx] = own[0] + S[tx + 32]
