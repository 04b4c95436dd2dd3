# The neighbour is chosen by a condition; the loop counts from 1.
# earns: all
@I.ir_module
class Repaired:
    @T.prim_func(s_tir=True)
    def main(A: T.Buffer((256,), "float32"), B: T.Buffer((128,), "float32")):
        T.func_attr({"tirx.noalias": True})
        for bx in T.thread_binding(4, thread="blockIdx.x"):
            for tx in T.thread_binding(64, thread="threadIdx.x"):
                with T.sblock("kernel"):
                    values = T.sblock_alloc_buffer((64,), "float32", scope="shared")
                    new = T.sblock_alloc_buffer((1,), "float32", scope="local")
                    values[tx] = A[bx * 64 + tx]
                    for step in T.serial(1, 4):
                        T.tvm_storage_sync("shared")
                        new[0] = (values[tx] + values[T.if_then_else(tx == 63, 0, tx + 1)]) / T.float32(2)
                        T.tvm_storage_sync("shared")
                        values[tx] = new[0]
                    T.tvm_storage_sync("shared")
                    if tx < 32:
                        B[bx * 32 + tx] = values[tx] + values[tx + 32]
