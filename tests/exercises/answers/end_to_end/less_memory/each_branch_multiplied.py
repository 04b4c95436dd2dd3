# Each branch is multiplied before it is added.
# earns: all
x = relax.Var("x", relax.TensorType((16, 48), "float32"))
weights = [relax.Var(f"w{number}", relax.TensorType((48, 48), "float32")) for number in range(5)]
op = relax.op
bb = relax.BlockBuilder()
with bb.function("main", [x, *weights]):
    with bb.dataflow():
        e = bb.emit(op.tanh(x))
        total = None
        for number, weight in enumerate(weights):
            value = bb.emit(op.multiply(bb.emit(op.nn.relu(bb.emit(op.matmul(e, weight)))), e))
            if number == 0:
                total = value
            elif number < 4:
                total = bb.emit(op.add(total, value))
            else:
                total = bb.emit_output(op.add(total, value))
    bb.emit_func_output(total)
Lean = bb.finalize()
