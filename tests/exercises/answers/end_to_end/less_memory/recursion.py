# The sum of the first branches by recursion.
# earns: all
names = ["x", "w0", "w1", "w2", "w3", "w4"]
params = [relax.Var(name, relax.TensorType((16, 48) if name == "x" else (48, 48), "float32")) for name in names]
bb = relax.BlockBuilder()


def branch(e, weight):
    return bb.emit(relax.op.nn.relu(bb.emit(relax.op.matmul(e, weight))))


def summed(e, weights):
    *others, last = weights
    if not others:
        return branch(e, last)
    before = summed(e, others)
    return bb.emit(relax.op.add(before, branch(e, last)))


with bb.function("main", params):
    with bb.dataflow():
        e = bb.emit(relax.op.tanh(params[0]))
        y = bb.emit_output(relax.op.multiply(summed(e, params[1:]), e))
    bb.emit_func_output(y)
Lean = bb.finalize()
