# Written with operators, which TVM turns into tensor programs.
# earns: all
@I.ir_module
class Written:
    @R.function
    def main(
        x: R.Tensor((3, 20), "float32"), w0: R.Tensor((20, 12), "float32"), b0: R.Tensor((12,), "float32"),
        w1: R.Tensor((12, 5), "float32"), b1: R.Tensor((5,), "float32"),
    ):
        with R.dataflow():
            a = R.clip(R.add(R.matmul(x, w0), b0), 0, 6)
            y = R.add(R.matmul(a, w1), b1)
            R.output(y)
        return y


TwoLayer = relax.transform.LegalizeOps()(Written)
