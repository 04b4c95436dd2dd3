# The builder in a Python loop, the branches from the last to the first.
# earns: all
x = relax.Var("x", relax.TensorType((16, 48), "float32"))
weights = [relax.Var(f"w{number}", relax.TensorType((48, 48), "float32")) for number in range(5)]
bb = relax.BlockBuilder()
with bb.function("main", [x, *weights]):
    with bb.dataflow():
        e = bb.emit(relax.op.tanh(x))
        total = None
        for weight in reversed(weights):
            branch = bb.emit(relax.op.nn.relu(bb.emit(relax.op.matmul(e, weight))))
            total = branch if total is None else bb.emit(relax.op.add(branch, total))
        y = bb.emit_output(relax.op.multiply(e, total))
    bb.emit_func_output(y)
Lean = bb.finalize()
