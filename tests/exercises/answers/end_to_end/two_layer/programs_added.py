# Programs made by create_prim_func, added to the builder and called by relax.call_tir.
# earns: all
from tvm import te


def program(function, *shapes):
    given = [te.placeholder(shape, "float32", name=f"p{place}") for place, shape in enumerate(shapes)]
    return te.create_prim_func([*given, function(*given)]).without_attr("global_symbol")


def layer(data, weight, bias):
    return topi.add(topi.matmul(data, weight), bias)


shapes = {"x": (3, 20), "w0": (20, 12), "b0": (12,), "w1": (12, 5), "b1": (5,)}
params = [relax.Var(name, relax.TensorType(shape, "float32")) for name, shape in shapes.items()]
x, w0, b0, w1, b1 = params
bb = relax.BlockBuilder()
first = bb.add_func(program(layer, (3, 20), (20, 12), (12,)), "first")
between = bb.add_func(program(lambda t: topi.clip(t, 0.0, 6.0), (3, 12)), "between")
second = bb.add_func(program(layer, (3, 12), (12, 5), (5,)), "second")
with bb.function("main", params):
    with bb.dataflow():
        hidden = relax.TensorType((3, 12), "float32")
        value = bb.emit(relax.call_tir(first, [x, w0, b0], hidden))
        value = bb.emit(relax.call_tir(between, [value], hidden))
        value = bb.emit_output(relax.call_tir(second, [value, w1, b1], relax.TensorType((3, 5), "float32")))
    bb.emit_func_output(value)
TwoLayer = bb.finalize()
