# Each operator a line, without a dataflow block.
# earns: all
@I.ir_module
class Lean:
    @R.function
    def main(
        x: R.Tensor((16, 48), "float32"), w0: R.Tensor((48, 48), "float32"), w1: R.Tensor((48, 48), "float32"),
        w2: R.Tensor((48, 48), "float32"), w3: R.Tensor((48, 48), "float32"), w4: R.Tensor((48, 48), "float32"),
    ):
        e = R.tanh(x)
        h = R.matmul(e, w2)
        s = R.nn.relu(h)
        h0 = R.matmul(e, w0)
        g0 = R.nn.relu(h0)
        s0 = R.add(s, g0)
        h1 = R.matmul(e, w1)
        g1 = R.nn.relu(h1)
        s1 = R.add(s0, g1)
        h3 = R.matmul(e, w3)
        g3 = R.nn.relu(h3)
        s3 = R.add(s1, g3)
        h4 = R.matmul(e, w4)
        g4 = R.nn.relu(h4)
        s4 = R.add(s3, g4)
        y = R.multiply(s4, e)
        return y
