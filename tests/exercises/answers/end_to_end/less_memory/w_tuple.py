# The graph moved into a second function; nothing is saved.
# loses: first,second
@I.ir_module
class Lean:
    @R.function
    def main(x: R.Tensor((16, 48), "float32"), w0: R.Tensor((48, 48), "float32"), w1: R.Tensor((48, 48), "float32"), w2: R.Tensor((48, 48), "float32"), w3: R.Tensor((48, 48), "float32"), w4: R.Tensor((48, 48), "float32")):
        cls = Lean
        e = R.tanh(x)
        s = cls.rest(e, w0, w1, w2, w3, w4)
        y = R.multiply(s, e)
        return y

    @R.function
    def rest(e: R.Tensor((16, 48), "float32"), w0: R.Tensor((48, 48), "float32"), w1: R.Tensor((48, 48), "float32"), w2: R.Tensor((48, 48), "float32"), w3: R.Tensor((48, 48), "float32"), w4: R.Tensor((48, 48), "float32")) -> R.Tensor((16, 48), "float32"):
        h0 = R.matmul(e, w0)
        h1 = R.matmul(e, w1)
        h2 = R.matmul(e, w2)
        h3 = R.matmul(e, w3)
        h4 = R.matmul(e, w4)
        g0 = R.nn.relu(h0)
        g1 = R.nn.relu(h1)
        g2 = R.nn.relu(h2)
        g3 = R.nn.relu(h3)
        g4 = R.nn.relu(h4)
        s1 = R.add(g0, g1)
        s2 = R.add(s1, g2)
        s3 = R.add(s2, g3)
        s4 = R.add(s3, g4)
        return s4
print(memory_plan(Lean).storages)
