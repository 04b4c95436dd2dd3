"""Modules of any size that are to be deployed."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import tvm


def scorer(inputs: int, outputs: int) -> "tvm.IRModule":
    """A module with one function, ``classify(x, scale, w, b)``: ``tanh((x * scale) @ w.T + b)``, float32.

    ``x`` is ``(n, inputs)`` with a symbolic ``n``, ``scale`` ``(inputs,)``, ``w`` ``(outputs, inputs)``,
    ``b`` ``(outputs,)``; the result is ``(n, outputs)``.
    """
    from tvm import relax, tirx, topi

    shapes = {"x": (tirx.Var("n", "int64"), inputs), "scale": (inputs,), "w": (outputs, inputs), "b": (outputs,)}
    params = [relax.Var(name, relax.TensorType(shape, "float32")) for name, shape in shapes.items()]
    x, scale, w, b = params
    builder = relax.BlockBuilder()
    with builder.function("classify", params):
        with builder.dataflow():
            scaled = builder.emit_te(topi.multiply, x, scale)
            product = builder.emit_te(topi.matmul, scaled, w, False, True)
            shifted = builder.emit_te(topi.add, product, b)
            scores = builder.emit_output(builder.call_te(topi.tanh, shifted))
        builder.emit_func_output(scores)
    return builder.finalize()
