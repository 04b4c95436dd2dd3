"""Modules assembled in Python rather than written as TVMScript, and modules with their weights inside."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from mlc_ref.kinds import invalid, takes, whole_number

if TYPE_CHECKING:
    import tvm


def batch_extent(batch: int | None) -> "int | tvm.tirx.Var":
    """``batch`` itself, or a new variable ``n`` for None.

    Raises:
        ValueError: ``batch`` is less than 1, or no whole number.
    """
    from tvm import tirx

    if batch is None:
        return tirx.Var("n", "int64")
    count = whole_number(batch)
    if count is None or count < 1:
        raise invalid(
            f"batch: got {batch!r}, allowed 1 and above in whole numbers, or None for a symbolic batch",
            f"batch：得到 {batch!r}，允许的是不小于 1 的整数，或表示符号批大小的 None",
        )
    return count


def cnn_module(batch: int | None = None) -> "tvm.IRModule":
    """The convolutional digits network, layer by layer with ``BlockBuilder.emit_te``.

    ``main(x, conv_w, conv_b, w, b)``: images ``(batch, 1, 8, 8)`` to scores ``(batch, 10)``, float32.
    Every layer becomes a tensor program of its own, called with ``call_tir``.

    Args:
        batch: number of images; None for a symbolic ``n``.

    Raises:
        ValueError: ``batch`` is less than 1, or no whole number.
    """
    from tvm import relax, topi

    shapes = {"x": (batch_extent(batch), 1, 8, 8), "conv_w": (8, 1, 3, 3), "conv_b": (8,), "w": (10, 72), "b": (10,)}
    params = [relax.Var(name, relax.TensorType(shape, "float32")) for name, shape in shapes.items()]
    x, conv_w, conv_b, w, b = params
    builder = relax.BlockBuilder()
    with builder.function("main", params):
        with builder.dataflow():
            filtered = builder.emit_te(topi.nn.conv2d, x, conv_w, strides=1, padding=0, dilation=1)
            column = builder.emit_te(topi.reshape, conv_b, (8, 1, 1))
            shifted = builder.emit_te(topi.add, filtered, column)
            active = builder.emit_te(topi.nn.relu, shifted)
            pooled = builder.emit_te(topi.nn.pool2d, active, [2, 2], [2, 2], [1, 1], [0, 0, 0, 0], "max")
            features = builder.emit_te(topi.nn.flatten, pooled)
            product = builder.emit_te(topi.matmul, features, w, False, True)
            scores = builder.emit_output(builder.call_te(topi.add, product, b))
        builder.emit_func_output(scores)
    return builder.finalize()


@takes("IRModule")
def bind_weights(mod: "tvm.IRModule", weights: Mapping[str, np.ndarray], entry: str = "main") -> "tvm.IRModule":
    """Turn parameters of the function ``entry`` into constants inside it.

    Args:
        mod: a module whose function has parameters named as in ``weights``.
        weights: arrays of the parameters' shapes and dtypes.

    Returns:
        A new module; the remaining parameters keep their order.

    Raises:
        ValueError: a weight whose name no parameter has, or whose shape or dtype differs.
    """
    from tvm import relax

    params = {param.name: param for param in mod[entry].params}
    for name, array in weights.items():
        if name not in params:
            raise invalid(
                f"weights: got {name!r}, allowed the parameters of {entry!r}: {', '.join(params)}",
                f"weights：得到 {name!r}，允许的是 {entry!r} 的参数：{', '.join(params)}",
            )
        _require_same_type(name, array, params[name])
    return relax.transform.BindParams(entry, dict(weights))(mod)


def _require_same_type(name: str, array: np.ndarray, param) -> None:
    from tvm import tirx

    extents = [int(extent) if isinstance(extent, tirx.IntImm) else str(extent) for extent in param.ty.shape]
    if str(param.ty.dtype) != str(array.dtype) or extents != list(array.shape):
        expected = f"{param.ty.dtype} ({', '.join(map(str, extents))})"
        raise invalid(
            f"weight {name!r}: got {array.dtype} {array.shape}, the parameter is {expected}",
            f"权重 {name!r}：得到 {array.dtype} {array.shape}，而参数是 {expected}",
        )
