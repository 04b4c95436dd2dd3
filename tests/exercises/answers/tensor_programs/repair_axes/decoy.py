# The reduction feeds nothing; y is written out term by term.
# loses: kinds
@I.ir_module
class Repaired:
    @T.prim_func(s_tir=True)
    def main(A: T.Buffer((5, 7), "float32"), w: T.Buffer((7,), "float32"), y: T.Buffer((5,), "float32")):
        product = T.sblock_alloc_buffer((5, 7), "float32")
        s = T.sblock_alloc_buffer((5,), "float32")
        for i, k in T.grid(5, 7):
            with T.sblock("product"):
                vi, vk = T.axis.remap("SS", [i, k])
                product[vi, vk] = A[vi, vk] * w[vk]
        for i, k in T.grid(5, 7):
            with T.sblock("s"):
                vi, vk = T.axis.remap("SR", [i, k])
                with T.init():
                    s[vi] = T.float32(0)
                s[vi] = s[vi] + product[vi, vk]
        for i in range(5):
            with T.sblock("y"):
                vi = T.axis.spatial(5, i)
                y[vi] = A[vi,0]*w[0]+A[vi,1]*w[1]+A[vi,2]*w[2]+A[vi,3]*w[3]+A[vi,4]*w[4]+A[vi,5]*w[5]+A[vi,6]*w[6]
