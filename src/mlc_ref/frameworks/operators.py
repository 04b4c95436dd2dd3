"""The importer's operator table: one converter an ATen operator.

A converter receives the arguments of the operator as ATen orders them, tensors as Relax expressions,
and returns the expression that computes the result. ATen's signatures:
``native_functions.yaml`` of PyTorch. The table's keys are text, so that it needs no PyTorch.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from mlc_ref.kinds import refused
from mlc_ref.language import Text

if TYPE_CHECKING:
    from tvm import relax, tirx

Converter = Callable[..., Any]
_EVAL = Text("call eval() before exporting", "请在导出之前调用 eval()")


def linear(x: "relax.Expr", weight: "relax.Expr", bias: "relax.Expr | None" = None) -> "relax.Expr":
    """``x @ weight.T + bias``; without bias, the product."""
    from tvm import relax

    return relax.op.linear(x, weight, bias)


def conv2d(
    x: "relax.Expr",
    weight: "relax.Expr",
    bias: "relax.Expr | None" = None,
    stride: Sequence[int] = (1, 1),
    padding: Sequence[int] = (0, 0),
    dilation: Sequence[int] = (1, 1),
    groups: int = 1,
) -> "relax.Expr":
    """Convolution in NCHW; the bias, if there is one, as ``(1, o, 1, 1)``."""
    from tvm import relax

    out = relax.op.nn.conv2d(x, weight, list(stride), list(padding), list(dilation), groups)
    return out if bias is None else relax.op.add(out, relax.op.reshape(bias, (1, -1, 1, 1)))


def max_pool2d(
    x: "relax.Expr",
    kernel: Sequence[int],
    stride: Sequence[int] = (),
    padding: Sequence[int] = (0, 0),
    dilation: Sequence[int] = (1, 1),
    ceil_mode: bool = False,
) -> "relax.Expr":
    """Maxima of windows in NCHW; an empty stride is the kernel's size."""
    from tvm import relax

    steps = list(stride) or list(kernel)
    return relax.op.nn.max_pool2d(x, list(kernel), steps, list(padding), list(dilation), ceil_mode)


def batch_norm(
    x: "relax.Expr",
    weight: "relax.Expr | None",
    bias: "relax.Expr | None",
    mean: "relax.Expr",
    variance: "relax.Expr",
    training: bool,
    momentum: float,
    epsilon: float,
    _cudnn: bool,
) -> "relax.Expr":
    """Normalization with stored statistics; without weight and bias, it only normalizes.

    Raises:
        ValueError: the network was exported in training mode, where the statistics change.
    """
    from tvm import relax

    if training:
        raise ValueError(refused("batch_norm", "training=True", "False", _EVAL))
    scale = relax.op.ones_like(mean) if weight is None else weight
    shift = relax.op.zeros_like(mean) if bias is None else bias
    normalized = relax.op.nn.batch_norm(x, scale, shift, mean, variance, axis=1, epsilon=epsilon, training=False)
    return relax.TupleGetItem(normalized, 0)


def flatten(x: "relax.Expr", start: int = 0, end: int = -1) -> "relax.Expr":
    """Axes ``start`` to ``end``, both included, as one; the others stay, symbolic ones too."""
    from tvm import relax

    shape = list(x.ty.shape)
    start, end = start % len(shape), end % len(shape)
    merged: tirx.Expr | int = 1
    for extent in shape[start : end + 1]:
        merged = merged * extent
    return relax.op.reshape(x, [*shape[:start], merged, *shape[end + 1 :]])


def reshape(x: "relax.Expr", shape: Sequence["int | tirx.Expr"]) -> "relax.Expr":
    """The same elements in another shape; one extent may be -1."""
    from tvm import relax

    return relax.op.reshape(x, list(shape))


def permute(x: "relax.Expr", axes: Sequence[int]) -> "relax.Expr":
    """Axis ``i`` of the result is axis ``axes[i]`` of ``x``."""
    from tvm import relax

    return relax.op.permute_dims(x, list(axes))


def softmax(x: "relax.Expr", axis: int, dtype: None = None) -> "relax.Expr":
    """Softmax along an axis, in the dtype of ``x``.

    Raises:
        ValueError: another dtype is asked for.
    """
    from tvm import relax

    if dtype is not None:
        raise ValueError(refused("softmax", f"dtype {dtype}", "None"))
    return relax.op.nn.softmax(x, axis)


def sym_size(x: "relax.Expr", axis: int) -> "tirx.Expr":
    """The extent of an axis, as a number or a symbol."""
    return x.ty.shape[axis]


def dropout(x: "relax.Expr", _probability: float, training: bool) -> "relax.Expr":
    """Nothing, outside of training.

    Raises:
        ValueError: the network was exported in training mode.
    """
    if training:
        raise ValueError(refused("dropout", "training=True", "False", _EVAL))
    return x


def _binary(name: str) -> Converter:
    """Converter of an element-wise operator of two operands; the second may be a number."""

    def convert(x: "relax.Expr", y: Any, *, alpha: float = 1) -> "relax.Expr":
        from tvm import relax

        operator, right = getattr(relax.op, name), _operand(y, x)
        return operator(x, right if alpha == 1 else relax.op.multiply(right, _operand(alpha, x)))

    return convert


def _operand(value: Any, like: "relax.Expr") -> "relax.Expr":
    from tvm import relax

    return relax.const(value, str(like.ty.dtype)) if isinstance(value, int | float) else value


def _relax(path: str) -> Converter:
    """Converter to the Relax operator of one tensor that ``relax.op.<path>`` builds."""

    def convert(*tensors: "relax.Expr") -> "relax.Expr":
        from tvm import relax

        operator: Any = relax.op
        for part in path.split("."):
            operator = getattr(operator, part)
        return operator(*tensors)

    return convert


CONVERTERS: dict[str, Converter] = {
    "aten.add.Tensor": _binary("add"),
    "aten.batch_norm.default": batch_norm,
    "aten.conv2d.default": conv2d,
    "aten.dropout.default": dropout,
    "aten.flatten.using_ints": flatten,
    "aten.linear.default": linear,
    "aten.matmul.default": _relax("matmul"),
    "aten.max_pool2d.default": max_pool2d,
    "aten.mul.Tensor": _binary("multiply"),
    "aten.permute.default": permute,
    "aten.relu.default": _relax("nn.relu"),
    "aten.reshape.default": reshape,
    "aten.softmax.int": softmax,
    "aten.sub.Tensor": _binary("subtract"),
    "aten.sym_size.int": sym_size,
    "aten.view.default": reshape,
}
