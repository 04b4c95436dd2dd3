# The module of the first exercise under another name: three rows, three programs.
# loses: all
@I.ir_module
class AnyRows:
    @T.prim_func(s_tir=True)
    def dense0(
        X: T.Buffer((3, 20), "float32"), W: T.Buffer((20, 12), "float32"),
        B: T.Buffer((12,), "float32"), Y: T.Buffer((3, 12), "float32"),
    ):
        total = T.sblock_alloc_buffer((3, 12), "float32")
        for i, j, k in T.grid(3, 12, 20):
            with T.sblock("total"):
                vi, vj, vk = T.axis.remap("SSR", [i, j, k])
                with T.init():
                    total[vi, vj] = T.float32(0)
                total[vi, vj] += X[vi, vk] * W[vk, vj]
        for i, j in T.grid(3, 12):
            with T.sblock("Y"):
                vi, vj = T.axis.remap("SS", [i, j])
                Y[vi, vj] = total[vi, vj] + B[vj]

    @T.prim_func(s_tir=True)
    def clip(X: T.Buffer((3, 12), "float32"), Y: T.Buffer((3, 12), "float32")):
        for i, j in T.grid(3, 12):
            with T.sblock("Y"):
                vi, vj = T.axis.remap("SS", [i, j])
                Y[vi, vj] = T.min(T.max(X[vi, vj], T.float32(0)), T.float32(6))

    @T.prim_func(s_tir=True)
    def dense1(
        X: T.Buffer((3, 12), "float32"), W: T.Buffer((12, 5), "float32"),
        B: T.Buffer((5,), "float32"), Y: T.Buffer((3, 5), "float32"),
    ):
        total = T.sblock_alloc_buffer((3, 5), "float32")
        for i, j, k in T.grid(3, 5, 12):
            with T.sblock("total"):
                vi, vj, vk = T.axis.remap("SSR", [i, j, k])
                with T.init():
                    total[vi, vj] = T.float32(0)
                total[vi, vj] += X[vi, vk] * W[vk, vj]
        for i, j in T.grid(3, 5):
            with T.sblock("Y"):
                vi, vj = T.axis.remap("SS", [i, j])
                Y[vi, vj] = total[vi, vj] + B[vj]

    @R.function
    def main(
        x: R.Tensor((3, 20), "float32"), w0: R.Tensor((20, 12), "float32"), b0: R.Tensor((12,), "float32"),
        w1: R.Tensor((12, 5), "float32"), b1: R.Tensor((5,), "float32"),
    ):
        cls = AnyRows
        with R.dataflow():
            h = R.call_tir(cls.dense0, (x, w0, b0), out_ty=R.Tensor((3, 12), "float32"))
            a = R.call_tir(cls.clip, (h,), out_ty=R.Tensor((3, 12), "float32"))
            y = R.call_tir(cls.dense1, (a, w1, b1), out_ty=R.Tensor((3, 5), "float32"))
            R.output(y)
        return y
