"""Tensor functions as tensor expressions (TE): a shape, and what one element of the result is.

Every function takes and returns ``te.Tensor`` and works for every shape that fits, symbolic ones too.
``te.placeholder`` stands for an input; functions compose like ordinary Python functions.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from mlc_ref.language import Text, for_print

if TYPE_CHECKING:
    from tvm import te, tirx

_UNEQUAL = Text(
    "{name}: got extents {left} and {right}, which must be equal", "{name}：长度是 {left} 和 {right}，两者必须相等"
)


def matmul(a: "te.Tensor", b: "te.Tensor") -> "te.Tensor":
    """``(n, k)`` times ``(k, m)``: ``(n, m)``, a sum over a reduction axis.

    Raises:
        ValueError: the extents to sum over are known and differ.
    """
    from tvm import te

    (n, length), (rows, m) = a.shape, b.shape
    require_equal_extents("matmul", length, rows)
    k = te.reduce_axis((0, length), name="k")
    return te.compute((n, m), lambda i, j: te.sum(a[i, k] * b[k, j], axis=k), name="matmul")


def add_bias(x: "te.Tensor", b: "te.Tensor") -> "te.Tensor":
    """``b`` ``(m,)`` added to the last axis of ``x`` ``(…, m)``.

    Raises:
        ValueError: the last extent of ``x`` and the extent of ``b`` are known and differ.
    """
    from tvm import te

    require_equal_extents("add_bias", x.shape[-1], b.shape[0])
    return te.compute(x.shape, lambda *i: x[i] + b[i[-1]], name="add_bias")


def relu(x: "te.Tensor") -> "te.Tensor":
    """``max(x, 0)`` element by element, any rank."""
    from tvm import te, tirx

    return te.compute(x.shape, lambda *i: tirx.max(x[i], tirx.const(0, x.dtype)), name="relu")


def linear(x: "te.Tensor", w: "te.Tensor", b: "te.Tensor") -> "te.Tensor":
    """``x @ w.T + b``: ``(n, k)``, ``(m, k)`` and ``(m,)`` to ``(n, m)``; two stages, composed."""
    from tvm import te

    m, length = w.shape
    transposed = te.compute((length, m), lambda i, j: w[j, i], name="transposed")
    return add_bias(matmul(x, transposed), b)


def row_softmax(x: "te.Tensor") -> "te.Tensor":
    """Softmax of each row of ``(n, m)``: four stages, because a reduction ends a stage.

    The row's maximum is subtracted first, so that no exponential overflows (P. Blanchard, D. J. Higham
    and N. J. Higham, *Accurately computing the log-sum-exp and softmax functions*, 2021).
    """
    from tvm import te

    n, m = x.shape
    k, q = te.reduce_axis((0, m), name="k"), te.reduce_axis((0, m), name="q")
    largest = te.compute((n,), lambda i: te.max(x[i, k], axis=k), name="largest")
    powers = te.compute((n, m), lambda i, j: te.exp(x[i, j] - largest[i]), name="powers")
    total = te.compute((n,), lambda i: te.sum(powers[i, q], axis=q), name="total")
    return te.compute((n, m), lambda i, j: powers[i, j] / total[i], name="softmax")


def scale_and_shift(x: "te.Tensor", scale: float, shift: float) -> tuple["te.Tensor", "te.Tensor"]:
    """``x * scale`` and ``x * scale + shift``: the first is a stage, which the second reads."""
    from tvm import te, tirx

    scaled = te.compute(x.shape, lambda *i: x[i] * tirx.const(scale, x.dtype), name="scaled")
    shifted = te.compute(x.shape, lambda *i: scaled[i] + tirx.const(shift, x.dtype), name="shifted")
    return scaled, shifted


def scale_and_shift_inlined(x: "te.Tensor", scale: float, shift: float) -> "te.Tensor":
    """``x * scale + shift`` in one stage: ``scaled`` is a Python function of an index, not a tensor."""
    from tvm import te, tirx

    def scaled(i: Sequence["tirx.Var"]) -> "tirx.Expr":
        return x[i] * tirx.const(scale, x.dtype)

    return te.compute(x.shape, lambda *i: scaled(i) + tirx.const(shift, x.dtype), name="shifted")


def tensor_program(
    function: Callable[..., "te.Tensor | tuple[te.Tensor, ...]"], *shapes: Sequence["int | tirx.Var"]
) -> "tirx.PrimFunc":
    """The tensor program of a function of float32 tensors.

    Arguments of the program are the inputs and then the results. A stage that is neither becomes an
    allocated buffer inside; a function that returns a tuple makes those stages arguments, which keeps
    their values for the caller.

    Args:
        function: takes one placeholder a shape.
        shapes: of the inputs; extents are numbers or variables.

    Raises:
        ValueError: the function refuses the shapes.
    """
    from tvm import te

    inputs = [te.placeholder(shape, "float32", name=f"x{i}") for i, shape in enumerate(shapes)]
    results = function(*inputs)
    outputs = list(results) if isinstance(results, tuple) else [results]
    return te.create_prim_func([*inputs, *outputs])


def require_equal_extents(name: str, left: "tirx.Expr", right: "tirx.Expr") -> None:
    """Refuse extents that are known and differ; symbolic ones are left to the run time.

    Raises:
        ValueError: naming the function and both extents.
    """
    from tvm import tirx

    if isinstance(left, tirx.IntImm) and isinstance(right, tirx.IntImm) and int(left) != int(right):
        raise ValueError(for_print(_UNEQUAL.format(name=name, left=int(left), right=int(right))))
