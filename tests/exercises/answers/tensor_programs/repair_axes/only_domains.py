# The domains alone repaired.
# loses: kinds,numbers
Repaired = None
@I.ir_module
class Repaired:
    @T.prim_func(s_tir=True)
    def main(A: T.Buffer((5, 7), "float32"), w: T.Buffer((7,), "float32"), y: T.Buffer((5,), "float32")):
        product = T.sblock_alloc_buffer((5, 7), "float32")
        for i, k in T.grid(5, 7):
            with T.sblock("product"):
                vi = T.axis.spatial(5, i)
                vk = T.axis.spatial(7, k)
                product[vi, vk] = A[vi, vk] * w[vk]
        for i, k in T.grid(5, 7):
            with T.sblock("y"):
                vi, vk = T.axis.remap("RS", [i, k])
                with T.init():
                    y[vi] = T.float32(0)
                y[vi] = y[vi] + product[vi, vk]
