# The bias is written first by a block of its own, then the products are added.
# earns: all
@I.ir_module
class AnyRows:
    @T.prim_func(s_tir=True)
    def dense(x: T.handle, w: T.handle, b: T.handle, y: T.handle):
        n, m, length = T.int64(), T.int64(), T.int64()
        X = T.match_buffer(x, (n, length), "float32")
        W = T.match_buffer(w, (length, m), "float32")
        B = T.match_buffer(b, (m,), "float32")
        Y = T.match_buffer(y, (n, m), "float32")
        for i, j in T.grid(n, m):
            with T.sblock("start"):
                vi, vj = T.axis.remap("SS", [i, j])
                Y[vi, vj] = B[vj]
        for i, k, j in T.grid(n, length, m):
            with T.sblock("sum"):
                vi, vj, vk = T.axis.remap("SSR", [i, j, k])
                Y[vi, vj] = Y[vi, vj] + X[vi, vk] * W[vk, vj]

    @T.prim_func(s_tir=True)
    def clip(x: T.handle, y: T.handle):
        n = T.int64()
        X = T.match_buffer(x, (n, 12), "float32")
        Y = T.match_buffer(y, (n, 12), "float32")
        for i in T.parallel(n):
            for j in T.vectorized(12):
                with T.sblock("Y"):
                    vi, vj = T.axis.remap("SS", [i, j])
                    Y[vi, vj] = T.min(T.float32(6), T.max(T.float32(0), X[vi, vj]))

    @R.function
    def main(
        x: R.Tensor(("n", 20), "float32"), w0: R.Tensor((20, 12), "float32"), b0: R.Tensor((12,), "float32"),
        w1: R.Tensor((12, 5), "float32"), b1: R.Tensor((5,), "float32"),
    ):
        n = T.int64()
        cls = AnyRows
        with R.dataflow():
            h = R.call_tir(cls.dense, (x, w0, b0), out_ty=R.Tensor((n, 12), "float32"))
            a = R.call_tir(cls.clip, (h,), out_ty=R.Tensor((n, 12), "float32"))
            y = R.call_tir(cls.dense, (a, w1, b1), out_ty=R.Tensor((n, 5), "float32"))
            R.output(y)
        return y
