# The branches added in pairs: a sum waits while the other pair is computed.
# loses: second
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
            g1 = R.nn.relu(R.matmul(e, w1))
            s01 = R.add(g0, g1)
            g2 = R.nn.relu(R.matmul(e, w2))
            g3 = R.nn.relu(R.matmul(e, w3))
            s23 = R.add(g2, g3)
            s = R.add(s01, s23)
            g4 = R.nn.relu(R.matmul(e, w4))
            s4 = R.add(s, g4)
            y = R.multiply(s4, e)
            R.output(y)
        return y
