"""Modules of any size that are to be deployed."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from mlc_ref.kinds import refused

if TYPE_CHECKING:
    import tvm

ACTIVATIONS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "tanh": np.tanh,
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "relu": lambda z: np.maximum(z, 0),
}
"""What ``scorer`` can end in, as NumPy functions."""


def scorer(inputs: int, outputs: int, activation: str = "tanh") -> "tvm.IRModule":
    """A module with one function, ``classify(x, scale, w, b)``: ``activation((x * scale) @ w.T + b)``, float32.

    ``x`` is ``(n, inputs)`` with a symbolic ``n``, ``scale`` ``(inputs,)``, ``w`` ``(outputs, inputs)``,
    ``b`` ``(outputs,)``; the result is ``(n, outputs)``.

    Raises:
        ValueError: an activation that is not in ``ACTIVATIONS``.
    """
    if activation not in ACTIVATIONS:
        raise ValueError(refused("activation", repr(activation), ", ".join(ACTIVATIONS)))
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
            scores = builder.emit_output(
                builder.call_te(topi.nn.relu if activation == "relu" else getattr(topi, activation), shifted)
            )
        builder.emit_func_output(scores)
    return builder.finalize()
