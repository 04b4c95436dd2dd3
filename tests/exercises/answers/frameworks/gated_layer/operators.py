# Operators instead of tensor programs.
# loses: structure
# says: emit_te
n = tirx.Var("n", "int64")
shapes = {"x": (n, 16), "w": (16, 8), "v": (16, 8), "b": (8,)}
x, w, v, b = params = [relax.Var(name, relax.TensorType(shape, "float32")) for name, shape in shapes.items()]
builder = relax.BlockBuilder()
with builder.function("main", params):
    with builder.dataflow():
        value = builder.emit(relax.op.add(relax.op.matmul(x, w), b))
        out = builder.emit_output(relax.op.multiply(value, relax.op.sigmoid(relax.op.matmul(x, v))))
    builder.emit_func_output(out)
GatedLayer = builder.finalize()
