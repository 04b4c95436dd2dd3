# Flat loops over all elements, the clip by cases.
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
        for f, k in T.grid(n * m, length):
            with T.sblock("Y"):
                vi = T.axis.spatial(n, f // m)
                vj = T.axis.spatial(m, f % m)
                vk = T.axis.reduce(length, k)
                with T.init():
                    Y[vi, vj] = B[vj]
                Y[vi, vj] += W[vk, vj] * X[vi, vk]

    @T.prim_func(s_tir=True)
    def clip(x: T.handle, y: T.handle):
        n, m = T.int64(), T.int64()
        X = T.match_buffer(x, (n, m), "float32")
        Y = T.match_buffer(y, (n, m), "float32")
        for f in range(n * m):
            with T.sblock("Y"):
                vi = T.axis.spatial(n, f // m)
                vj = T.axis.spatial(m, f % m)
                Y[vi, vj] = T.if_then_else(
                    X[vi, vj] < T.float32(0), T.float32(0), T.if_then_else(X[vi, vj] > T.float32(6), T.float32(6), X[vi, vj])
                )

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
