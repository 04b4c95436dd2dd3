# ReLU after the sums.
# loses: numbers
@I.ir_module
class Lean:
    @R.function
    def main(
        x: R.Tensor((16, 48), "float32"), w0: R.Tensor((48, 48), "float32"), w1: R.Tensor((48, 48), "float32"),
        w2: R.Tensor((48, 48), "float32"), w3: R.Tensor((48, 48), "float32"), w4: R.Tensor((48, 48), "float32"),
    ):
        with R.dataflow():
            e = R.tanh(x)
            g0 = R.nn.relu(R.matmul(e, w0))
            s1 = R.nn.relu(R.add(g0, R.matmul(e, w1)))
            s2 = R.nn.relu(R.add(s1, R.matmul(e, w2)))
            g3 = R.nn.relu(R.matmul(e, w3))
            s3 = R.add(s2, g3)
            g4 = R.nn.relu(R.matmul(e, w4))
            s4 = R.add(s3, g4)
            y = R.multiply(s4, e)
            R.output(y)
        return y
