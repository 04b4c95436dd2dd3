# The programs from TVM's library, with open sizes.
# earns: all
from tvm import te


def program(function, *shapes):
    given = [te.placeholder(shape, "float32", name=f"p{place}") for place, shape in enumerate(shapes)]
    return te.create_prim_func([*given, function(*given)]).without_attr("global_symbol")


n, m, k = (te.var(name, dtype="int64") for name in "nmk")
LAYER = program(lambda x, w, b: topi.add(topi.matmul(x, w), b), (n, k), (k, m), (m,))
CLIP = program(lambda x: topi.minimum(topi.maximum(x, 0.0), 6.0), (n, m))

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
