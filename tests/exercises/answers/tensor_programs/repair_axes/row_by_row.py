# One loop over rows around both blocks.
# earns: all
@I.ir_module
class Repaired:
    @T.prim_func(s_tir=True)
    def main(A: T.Buffer((5, 7), "float32"), w: T.Buffer((7,), "float32"), y: T.Buffer((5,), "float32")):
        product = T.sblock_alloc_buffer((5, 7), "float32")
        for i in range(5):
            for k in range(7):
                with T.sblock("product"):
                    vi, vk = T.axis.remap("SS", [i, k])
                    product[vi, vk] = A[vi, vk] * w[vk]
            for k in range(7):
                with T.sblock("y"):
                    vi, vk = T.axis.remap("SR", [i, k])
                    with T.init():
                        y[vi] = T.float32(0)
                    y[vi] = y[vi] + product[vi, vk]
