# One program with open sizes serves both layers.
# earns: all
@I.ir_module
class TwoLayer:
    @T.prim_func(s_tir=True)
    def dense(x: T.handle, w: T.handle, b: T.handle, y: T.handle):
        n, m, length = T.int64(), T.int64(), T.int64()
        X = T.match_buffer(x, (n, length), "float32")
        W = T.match_buffer(w, (length, m), "float32")
        B = T.match_buffer(b, (m,), "float32")
        Y = T.match_buffer(y, (n, m), "float32")
        for i, j, k in T.grid(n, m, length):
            with T.sblock("Y"):
                vi, vj, vk = T.axis.remap("SSR", [i, j, k])
                with T.init():
                    Y[vi, vj] = B[vj]
                Y[vi, vj] += X[vi, vk] * W[vk, vj]

    @T.prim_func(s_tir=True)
    def clip(X: T.Buffer((3, 12), "float32"), Y: T.Buffer((3, 12), "float32")):
        for f in range(36):
            with T.sblock("Y"):
                vi = T.axis.spatial(3, f // 12)
                vj = T.axis.spatial(12, f % 12)
                Y[vi, vj] = T.max(T.min(X[vi, vj], T.float32(6)), T.float32(0))

    @R.function
    def main(
        x: R.Tensor((3, 20), "float32"), w0: R.Tensor((20, 12), "float32"), b0: R.Tensor((12,), "float32"),
        w1: R.Tensor((12, 5), "float32"), b1: R.Tensor((5,), "float32"),
    ):
        cls = TwoLayer
        with R.dataflow():
            h = R.call_tir(cls.dense, (x, w0, b0), out_ty=R.Tensor((3, 12), "float32"))
            a = R.call_tir(cls.clip, (h,), out_ty=R.Tensor((3, 12), "float32"))
            y = R.call_tir(cls.dense, (a, w1, b1), out_ty=R.Tensor((3, 5), "float32"))
            R.output(y)
        return y
