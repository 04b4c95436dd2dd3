# The branches in an order of their own, the sum always second.
# earns: all
@I.ir_module
class Lean:
    @R.function
    def main(
        x: R.Tensor((16, 48), "float32"), w0: R.Tensor((48, 48), "float32"), w1: R.Tensor((48, 48), "float32"),
        w2: R.Tensor((48, 48), "float32"), w3: R.Tensor((48, 48), "float32"), w4: R.Tensor((48, 48), "float32"),
    ) -> R.Tensor((16, 48), "float32"):
        with R.dataflow():
            e = R.tanh(x)
            h2 = R.matmul(e, w2)
            total2 = R.nn.relu(h2)
            h4 = R.matmul(e, w4)
            g4 = R.nn.relu(h4)
            total4 = R.add(g4, total2)
            h0 = R.matmul(e, w0)
            g0 = R.nn.relu(h0)
            total0 = R.add(g0, total4)
            h3 = R.matmul(e, w3)
            g3 = R.nn.relu(h3)
            total3 = R.add(g3, total0)
            h1 = R.matmul(e, w1)
            g1 = R.nn.relu(h1)
            total1 = R.add(g1, total3)
            y = R.multiply(e, total1)
            R.output(y)
        return y
