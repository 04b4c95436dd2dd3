# One program for both layers, which clips its result between limits that are given as arrays.
# earns: all
from tvm import te

n, m, k = (te.var(name, dtype="int64") for name in "nmk")
X, W, B, L = (te.placeholder(s, "float32", name=t) for t, s in zip("XWBL", [(n, k), (k, m), (m,), (2,)]))
S = topi.add(topi.matmul(X, W), B)
Y = te.compute((n, m), lambda i, j: te.min(te.max(S[i, j], L[0]), L[1]), name="Y")
LAYER = te.create_prim_func([X, W, B, L, Y]).without_attr("global_symbol")

rows = tvm.tirx.Var("rows", "int64")
shapes = [("x", (rows, 20)), ("w0", (20, 12)), ("b0", (12,)), ("w1", (12, 5)), ("b1", (5,))]
x, w0, b0, w1, b1 = params = [relax.Var(name, relax.TensorType(shape, "float32")) for name, shape in shapes]
activation = relax.const(np.array([0, 6], "float32"))
nothing = relax.const(np.array([-np.inf, np.inf], "float32"))
bb = relax.BlockBuilder()
layer = bb.add_func(LAYER, "layer")
with bb.function("main", params):
    with bb.dataflow():
        a = bb.emit(relax.call_tir(layer, [x, w0, b0, activation], relax.TensorType((rows, 12), "float32")))
        y = bb.emit_output(relax.call_tir(layer, [a, w1, b1, nothing], relax.TensorType((rows, 5), "float32")))
    bb.emit_func_output(y)
AnyRows = bb.finalize()
