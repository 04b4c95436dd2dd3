# One loop over all elements in each block; the axes by quotient and remainder.
# earns: all
@I.ir_module
class Repaired:
    @T.prim_func(s_tir=True)
    def main(A: T.Buffer((5, 7), "float32"), w: T.Buffer((7,), "float32"), y: T.Buffer((5,), "float32")):
        product = T.sblock_alloc_buffer((5, 7), "float32")
        for f in range(35):
            with T.sblock("product"):
                vi = T.axis.spatial(5, f // 7)
                vk = T.axis.spatial(7, f % 7)
                product[vi, vk] = A[vi, vk] * w[vk]
        for f in range(35):
            with T.sblock("y"):
                vi = T.axis.spatial(5, f // 7)
                vk = T.axis.reduce(7, f % 7)
                with T.init():
                    y[vi] = T.float32(0)
                y[vi] += product[vi, vk]
