# The sum is made in a buffer, and copied to y.
# earns: all
@I.ir_module
class Repaired:
    @T.prim_func(s_tir=True)
    def main(A: T.Buffer((5, 7), "float32"), w: T.Buffer((7,), "float32"), y: T.Buffer((5,), "float32")):
        product = T.sblock_alloc_buffer((5, 7), "float32")
        total = T.sblock_alloc_buffer((5, 1), "float32")
        for i, k in T.grid(5, 7):
            with T.sblock("product"):
                vi, vk = T.axis.remap("SS", [i, k])
                product[vi, vk] = w[vk] * A[vi, vk]
        for i, k in T.grid(5, 7):
            with T.sblock("total"):
                vi, vk = T.axis.remap("SR", [i, k])
                with T.init():
                    total[vi, 0] = T.float32(0)
                total[vi, 0] += product[vi, vk]
        for i in range(5):
            with T.sblock("y"):
                vi = T.axis.spatial(5, i)
                y[vi] = total[vi, 0]
