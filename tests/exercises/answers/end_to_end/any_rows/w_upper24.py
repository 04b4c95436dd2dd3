# The first 24 rows alone.
# loses: numbers
@I.ir_module
class AnyRows:
    @T.prim_func(s_tir=True)
    def lin(xp: T.handle, wp: T.handle, bp: T.handle, yp: T.handle):
        n, m, k = T.int64(), T.int64(), T.int64()
        x = T.match_buffer(xp, (n, k), "float32")
        w = T.match_buffer(wp, (k, m), "float32")
        b = T.match_buffer(bp, (m,), "float32")
        y = T.match_buffer(yp, (n, m), "float32")
        for i, j, p in T.grid(T.min(n, T.int64(24)), m, k):
            with T.sblock("lin"):
                vi, vj, vk = T.axis.remap("SSR", [i, j, p])
                with T.init():
                    y[vi, vj] = b[vj]
                y[vi, vj] = y[vi, vj] + x[vi, vk] * w[vk, vj]

    @T.prim_func(s_tir=True)
    def clip(xp: T.handle, yp: T.handle):
        n = T.int64()
        x = T.match_buffer(xp, (n, 12), "float32")
        y = T.match_buffer(yp, (n, 12), "float32")
        for i, j in T.grid(n, 12):
            with T.sblock("clip"):
                vi, vj = T.axis.remap("SS", [i, j])
                y[vi, vj] = T.min(T.max(x[vi, vj], T.float32(0)), T.float32(6))

    @R.function
    def main(x: R.Tensor(("n", 20), "float32"), w0: R.Tensor((20, 12), "float32"), b0: R.Tensor((12,), "float32"), w1: R.Tensor((12, 5), "float32"), b1: R.Tensor((5,), "float32")):
        n = T.int64()
        cls = AnyRows
        with R.dataflow():
            h = R.call_tir(cls.lin, (x, w0, b0), out_ty=R.Tensor((n, 12), "float32"))
            a = R.call_tir(cls.clip, (h,), out_ty=R.Tensor((n, 12), "float32"))
            y = R.call_tir(cls.lin, (a, w1, b1), out_ty=R.Tensor((n, 5), "float32"))
            R.output(y)
        return y
