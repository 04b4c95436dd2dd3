# Products, biases and activation are five programs.
# earns: all
@I.ir_module
class TwoLayer:
    @T.prim_func(s_tir=True)
    def product0(X: T.Buffer((3, 20), "float32"), W: T.Buffer((20, 12), "float32"), Y: T.Buffer((3, 12), "float32")):
        for i, j, k in T.grid(3, 12, 20):
            with T.sblock("Y"):
                vi, vj, vk = T.axis.remap("SSR", [i, j, k])
                with T.init():
                    Y[vi, vj] = T.float32(0)
                Y[vi, vj] += X[vi, vk] * W[vk, vj]

    @T.prim_func(s_tir=True)
    def bias0(X: T.Buffer((3, 12), "float32"), B: T.Buffer((12,), "float32"), Y: T.Buffer((3, 12), "float32")):
        for i, j in T.grid(3, 12):
            with T.sblock("Y"):
                vi, vj = T.axis.remap("SS", [i, j])
                Y[vi, vj] = X[vi, vj] + B[vj]

    @T.prim_func(s_tir=True)
    def clip(X: T.Buffer((3, 12), "float32"), Y: T.Buffer((3, 12), "float32")):
        for i, j in T.grid(3, 12):
            with T.sblock("Y"):
                vi, vj = T.axis.remap("SS", [i, j])
                Y[vi, vj] = T.Select(X[vi, vj] > T.float32(6), T.float32(6), T.max(X[vi, vj], T.float32(0)))

    @T.prim_func(s_tir=True)
    def product1(X: T.Buffer((3, 12), "float32"), W: T.Buffer((12, 5), "float32"), Y: T.Buffer((3, 5), "float32")):
        for i, k, j in T.grid(3, 12, 5):
            with T.sblock("Y"):
                vi, vj, vk = T.axis.remap("SSR", [i, j, k])
                with T.init():
                    Y[vi, vj] = T.float32(0)
                Y[vi, vj] += X[vi, vk] * W[vk, vj]

    @T.prim_func(s_tir=True)
    def bias1(X: T.Buffer((3, 5), "float32"), B: T.Buffer((5,), "float32"), Y: T.Buffer((3, 5), "float32")):
        for i, j in T.grid(3, 5):
            with T.sblock("Y"):
                vi, vj = T.axis.remap("SS", [i, j])
                Y[vi, vj] = X[vi, vj] + B[vj]

    @R.function
    def main(
        x: R.Tensor((3, 20), "float32"), w0: R.Tensor((20, 12), "float32"), b0: R.Tensor((12,), "float32"),
        w1: R.Tensor((12, 5), "float32"), b1: R.Tensor((5,), "float32"),
    ):
        cls = TwoLayer
        with R.dataflow():
            p = R.call_tir(cls.product0, (x, w0), out_ty=R.Tensor((3, 12), "float32"))
            h = R.call_tir(cls.bias0, (p, b0), out_ty=R.Tensor((3, 12), "float32"))
            a = R.call_tir(cls.clip, (h,), out_ty=R.Tensor((3, 12), "float32"))
            q = R.call_tir(cls.product1, (a, w1), out_ty=R.Tensor((3, 5), "float32"))
            y = R.call_tir(cls.bias1, (q, b1), out_ty=R.Tensor((3, 5), "float32"))
            R.output(y)
        return y
