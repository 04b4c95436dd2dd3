# One nested expression for the whole sum.
# earns: all
@I.ir_module
class Lean:
    @R.function
    def main(
        x: R.Tensor((16, 48), "float32"), w0: R.Tensor((48, 48), "float32"), w1: R.Tensor((48, 48), "float32"),
        w2: R.Tensor((48, 48), "float32"), w3: R.Tensor((48, 48), "float32"), w4: R.Tensor((48, 48), "float32"),
    ):
        with R.dataflow():
            e = R.tanh(x)
            y = R.multiply(
                R.add(
                    R.add(
                        R.add(
                            R.add(R.nn.relu(R.matmul(e, w0)), R.nn.relu(R.matmul(e, w1))), R.nn.relu(R.matmul(e, w2))
                        ),
                        R.nn.relu(R.matmul(e, w3)),
                    ),
                    R.nn.relu(R.matmul(e, w4)),
                ),
                e,
            )
            R.output(y)
        return y
