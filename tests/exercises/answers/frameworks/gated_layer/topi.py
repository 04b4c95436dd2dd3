# Operators of topi as programs.
# earns: all
from tvm import topi

n = tirx.Var("rows", "int64")
x = relax.Var("x", relax.TensorType((n, 16), "float32"))
w = relax.Var("w", relax.TensorType((16, 8), "float32"))
v = relax.Var("v", relax.TensorType((16, 8), "float32"))
b = relax.Var("b", relax.TensorType((8,), "float32"))
bb = relax.BlockBuilder()
with bb.function("main", [x, w, v, b]):
    with bb.dataflow():
        p = bb.emit_te(topi.matmul, x, w)
        q = bb.emit_te(topi.matmul, x, v)
        s = bb.emit_te(topi.add, p, b)
        g = bb.emit_te(topi.sigmoid, q)
        gv = bb.emit_output(bb.call_te(topi.multiply, s, g))
    bb.emit_func_output(gv)
GatedLayer = bb.get()
