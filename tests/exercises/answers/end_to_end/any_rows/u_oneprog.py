# One program serves both layers, and clips what it reads in the second.
# earns: all
@I.ir_module
class AnyRows:
    @T.prim_func(s_tir=True)
    def lin(xp: T.handle, wp: T.handle, bp: T.handle, yp: T.handle):
        n, m, k = T.int64(), T.int64(), T.int64()
        x = T.match_buffer(xp, (n, k), "float32")
        w = T.match_buffer(wp, (k, m), "float32")
        b = T.match_buffer(bp, (m,), "float32")
        y = T.match_buffer(yp, (n, m), "float32")
        for i, j, p in T.grid(n, m, k):
            with T.sblock("lin"):
                vi, vj, vk = T.axis.remap("SSR", [i, j, p])
                with T.init():
                    y[vi, vj] = b[vj]
                y[vi, vj] = y[vi, vj] + T.if_then_else(k == T.int64(12), T.min(T.max(x[vi, vk], T.float32(0)), T.float32(6)), x[vi, vk]) * w[vk, vj]

    @R.function
    def main(x: R.Tensor(("n", 20), "float32"), w0: R.Tensor((20, 12), "float32"), b0: R.Tensor((12,), "float32"), w1: R.Tensor((12, 5), "float32"), b1: R.Tensor((5,), "float32")):
        n = T.int64()
        cls = AnyRows
        with R.dataflow():
            h = R.call_tir(cls.lin, (x, w0, b0), out_ty=R.Tensor((n, 12), "float32"))
            y = R.call_tir(cls.lin, (h, w1, b1), out_ty=R.Tensor((n, 5), "float32"))
            R.output(y)
        return y
