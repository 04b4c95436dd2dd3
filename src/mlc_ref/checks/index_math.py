"""The value of an index expression, for one iteration or for a whole array of them.

Loop bounds, block bindings, predicates and buffer indices are integer expressions over loop
variables. Evaluating them (instead of matching their form) lets a check accept ``i * 16 + j`` and
``j + i * 16`` alike.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import numpy as np
from tvm import tirx
from tvm.ir import Call, Op

from mlc_ref.language import Text, for_print

Value: TypeAlias = Any  # an int, a bool, or an integer or Boolean array
Bindings: TypeAlias = Mapping[Any, Value]

_BINARY: dict[type, Callable[[Value, Value], Value]] = {
    tirx.Add: lambda a, b: a + b,
    tirx.Sub: lambda a, b: a - b,
    tirx.Mul: lambda a, b: a * b,
    tirx.FloorDiv: lambda a, b: a // b,
    tirx.FloorMod: lambda a, b: a % b,
    tirx.Div: lambda a, b: _truncated_quotient(a, b),
    tirx.Mod: lambda a, b: a - _truncated_quotient(a, b) * b,
    tirx.Min: np.minimum,
    tirx.Max: np.maximum,
    tirx.EQ: lambda a, b: a == b,
    tirx.NE: lambda a, b: a != b,
    tirx.LT: lambda a, b: a < b,
    tirx.LE: lambda a, b: a <= b,
    tirx.GT: lambda a, b: a > b,
    tirx.GE: lambda a, b: a >= b,
    tirx.And: np.logical_and,
    tirx.Or: np.logical_or,
    tirx.LShift: lambda a, b: a << b,
    tirx.RShift: lambda a, b: a >> b,
    tirx.BitwiseAnd: lambda a, b: a & b,
    tirx.BitwiseOr: lambda a, b: a | b,
    tirx.BitwiseXor: lambda a, b: a ^ b,
}
_CALLS: dict[str, Callable[..., Value]] = {"prim.likely": lambda a: a, "prim.if_then_else": np.where}
_NO_VALUE = Text("index expression: no value for variable {expr.name}", "下标表达式：变量 {expr.name} 没有值")
_UNKNOWN = Text("index expression: cannot evaluate {kind} in {expr}", "下标表达式：无法计算 {expr} 中的 {kind}")


class Unevaluated(ValueError):
    """An index expression without a value, made of a template of the message and the expression.

    The message is made when it is read: ``constant`` raises many of these, and reads none.
    """

    def __str__(self) -> str:
        template, expr = self.args
        return for_print(template.format(kind=type(expr).__name__, expr=expr))


def evaluate(expr: Any, bindings: Bindings) -> Value:
    """The value of an integer or Boolean expression.

    Args:
        expr: a TensorIR expression without loads, or a Python number.
        bindings: the value of every variable in it; arrays broadcast as NumPy does.

    Returns:
        An int, a bool, or an array.

    Raises:
        ValueError: a variable has no value, or a node is not an integer expression this function knows.
    """
    if isinstance(expr, int):
        return expr
    if isinstance(expr, tirx.IntImm):
        return int(expr.value)
    if isinstance(expr, tirx.Var):
        if expr not in bindings:
            raise Unevaluated(_NO_VALUE, expr)
        return bindings[expr]
    if isinstance(expr, tirx.Cast):
        return evaluate(expr.value, bindings)
    if isinstance(expr, tirx.Not):
        return np.logical_not(evaluate(expr.a, bindings))
    if isinstance(expr, tirx.Select):
        parts = (expr.condition, expr.true_value, expr.false_value)
        return np.where(*(evaluate(part, bindings) for part in parts))
    if (combine := _BINARY.get(type(expr))) is not None:
        return combine(evaluate(expr.a, bindings), evaluate(expr.b, bindings))
    if isinstance(expr, Call) and isinstance(expr.op, Op) and expr.op.name in _CALLS:
        return _CALLS[expr.op.name](*(evaluate(arg, bindings) for arg in expr.args))
    raise Unevaluated(_UNKNOWN, expr)


def _truncated_quotient(a: Value, b: Value) -> Value:
    """Division that rounds towards zero, as C does."""
    return np.sign(a) * np.sign(b) * (np.abs(a) // np.abs(b))


def constant(expr: Any) -> int | None:
    """The value of an expression without variables; ``None`` where it has some."""
    try:
        return int(evaluate(expr, {}))
    except ValueError:
        return None
