# Assembled with the builder, from the two programs written outside.
# earns: all
@T.prim_func(private=True, s_tir=True)
def affine(x: T.handle, w: T.handle, b: T.handle, y: T.handle):
    rows, outputs, inputs = T.int64(), T.int64(), T.int64()
    X = T.match_buffer(x, (rows, inputs), "float32")
    W = T.match_buffer(w, (inputs, outputs), "float32")
    B = T.match_buffer(b, (outputs,), "float32")
    Y = T.match_buffer(y, (rows, outputs), "float32")
    for i, j, k in T.grid(rows, outputs, inputs):
        with T.sblock("affine"):
            vi, vj, vk = T.axis.remap("SSR", [i, j, k])
            with T.init():
                Y[vi, vj] = B[vj]
            Y[vi, vj] += X[vi, vk] * W[vk, vj]


@T.prim_func(private=True, s_tir=True)
def between(x: T.handle, y: T.handle):
    rows = T.int64()
    X = T.match_buffer(x, (rows, 12), "float32")
    Y = T.match_buffer(y, (rows, 12), "float32")
    for i, j in T.grid(rows, 12):
        with T.sblock("between"):
            vi, vj = T.axis.remap("SS", [i, j])
            Y[vi, vj] = T.max(T.min(X[vi, vj], T.float32(6)), T.float32(0))


rows = tvm.tirx.Var("rows", "int64")
shapes = [("x", (rows, 20)), ("w0", (20, 12)), ("b0", (12,)), ("w1", (12, 5)), ("b1", (5,))]
x, w0, b0, w1, b1 = params = [relax.Var(name, relax.TensorType(shape, "float32")) for name, shape in shapes]
bb = relax.BlockBuilder()
one, two = bb.add_func(affine, "affine"), bb.add_func(between, "between")
with bb.function("main", params):
    with bb.dataflow():
        h = bb.emit(relax.call_tir(one, [x, w0, b0], relax.TensorType((rows, 12), "float32")))
        a = bb.emit(relax.call_tir(two, [h], relax.TensorType((rows, 12), "float32")))
        y = bb.emit_output(relax.call_tir(one, [a, w1, b1], relax.TensorType((rows, 5), "float32")))
    bb.emit_func_output(y)
AnyRows = bb.finalize()
