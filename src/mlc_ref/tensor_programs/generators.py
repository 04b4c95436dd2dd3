"""Tensor programs made by Python: with tensor expressions, and with TVMScript that captures Python values."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tvm import te, tirx
from tvm.script import tirx as T

from mlc_ref.kinds import refused
from mlc_ref.language import Text

if TYPE_CHECKING:
    import tvm


def center_rows_te(rows: int, columns: int, dtype: str = "float32") -> "tvm.tirx.PrimFunc":
    """``center_rows`` from tensor expressions; blocks ``total`` and ``Y``, as in ``programs.CenterRows``.

    Args:
        rows, columns: shape of ``X`` and ``Y``.
        dtype: float type of both.
    """
    X = te.placeholder((rows, columns), dtype, name="X")
    k = te.reduce_axis((0, columns), name="k")
    total = te.compute((rows,), lambda i: te.sum(X[i, k], axis=k), name="total")
    Y = te.compute((rows, columns), lambda i, j: X[i, j] - total[i] / tirx.const(columns, dtype), name="Y")
    return te.create_prim_func([X, Y])


def center_rows_captured(rows: int, columns: int, dtype: str = "float32", total_dtype: str = "float32"):
    """``center_rows`` from TVMScript that captures the arguments of this Python function.

    Args:
        rows, columns: shape of ``X`` and ``Y``.
        dtype: float type of ``X`` and ``Y``.
        total_dtype: float type of the row sums; a wider one keeps long rows exact.

    Returns:
        The ``PrimFunc`` ``main``.
    """

    zero, length = tirx.const(0, total_dtype), tirx.const(columns, total_dtype)

    @T.prim_func(s_tir=True)
    def main(X: T.Buffer((rows, columns), dtype), Y: T.Buffer((rows, columns), dtype)):
        T.func_attr({"tirx.noalias": True})
        total = T.sblock_alloc_buffer((rows,), total_dtype)
        for i, k in T.grid(rows, columns):
            with T.sblock("total"):
                vi, vk = T.axis.remap("SR", [i, k])
                with T.init():
                    total[vi] = zero
                total[vi] = total[vi] + T.cast(X[vi, vk], total_dtype)
        for i, j in T.grid(rows, columns):
            with T.sblock("Y"):
                vi, vj = T.axis.remap("SS", [i, j])
                Y[vi, vj] = T.cast(T.cast(X[vi, vj], total_dtype) - total[vi] / length, dtype)

    return main


def add_of_rank(shape: Sequence[int], dtype: str = "float32") -> "tvm.tirx.PrimFunc":
    """Element-wise addition of two arrays of any rank; the number of loops is computed, not written.

    Raises:
        ValueError: ``shape`` is empty or has an extent below 1.
    """
    if not shape or any(extent < 1 for extent in shape):
        raise ValueError(
            refused("shape", tuple(shape), Text("one or more extents of at least 1", "一个或多个不小于 1 的长度"))
        )
    A = te.placeholder(shape, dtype, name="A")
    B = te.placeholder(shape, dtype, name="B")
    C = te.compute(shape, lambda *index: A[index] + B[index], name="C")
    return te.create_prim_func([A, B, C])
