# The two programs from tensor expressions with open sizes.
# earns: all
from tvm import te

n, m, length = (te.var(name, dtype="int64") for name in ("n", "m", "length"))
X, W, B = (te.placeholder(shape, "float32", name=name) for name, shape in zip("XWB", [(n, length), (length, m), (m,)]))
k = te.reduce_axis((0, length), name="k")
product = te.compute((n, m), lambda i, j: te.sum(X[i, k] * W[k, j], axis=k), name="product")
Y = te.compute((n, m), lambda i, j: product[i, j] + B[j], name="Y")
LAYER = te.create_prim_func([X, W, B, Y]).without_attr("global_symbol")
H = te.placeholder((n, m), "float32", name="H")
CLIP = te.create_prim_func([H, topi.clip(H, 0.0, 6.0)]).without_attr("global_symbol")

rows = tvm.tirx.Var("rows", "int64")
shapes = [("x", (rows, 20)), ("w0", (20, 12)), ("b0", (12,)), ("w1", (12, 5)), ("b1", (5,))]
x, w0, b0, w1, b1 = params = [relax.Var(name, relax.TensorType(shape, "float32")) for name, shape in shapes]
bb = relax.BlockBuilder()
one, two = bb.add_func(LAYER, "layer"), bb.add_func(CLIP, "clip")
with bb.function("main", params):
    with bb.dataflow():
        h = bb.emit(relax.call_tir(one, [x, w0, b0], relax.TensorType((rows, 12), "float32")))
        a = bb.emit(relax.call_tir(two, [h], relax.TensorType((rows, 12), "float32")))
        y = bb.emit_output(relax.call_tir(one, [a, w1, b1], relax.TensorType((rows, 5), "float32")))
    bb.emit_func_output(y)
AnyRows = bb.finalize()
