"""Indices and conditions: what moves with the loops is kept apart from what differs between lanes."""

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from mlc_ref.gpu_sim.codes import Code, combine, fixed, remembered
from mlc_ref.gpu_sim.lanes import Mask, Pattern
from mlc_ref.language import Text

if TYPE_CHECKING:
    from mlc_ref.gpu_sim.elements import Element
    from mlc_ref.gpu_sim.errors import Unsupported
    from mlc_ref.gpu_sim.machine import Machine

# Sums of these types are not wrapped around: a sum that does not fit is an index out of bounds.
_EXACT = (np.dtype("int32"), np.dtype("int64"))
Index = tuple[Callable[[], int], Callable[[], tuple[int, Pattern]]]


class Compiler(Protocol):
    """What indices and pointers need of ``Expressions``, which needs them."""

    machine: "Machine"

    def compile(self, expr: Any) -> Code: ...

    def element(self, expr: Any) -> "Element": ...

    def unsupported(self, what: Text) -> "Unsupported": ...


def buffer_size(expressions: Compiler, buffer: Any) -> int:
    """Elements of a buffer, those of its vectors counted each."""
    extents = [int(expressions.compile(extent).run()) for extent in buffer.shape]
    return math.prod(extents) * expressions.element(buffer).width


def index(expressions: Compiler, buffer: Any, indices: Any) -> Index:
    """The index of an access in two parts: a number that changes, and a pattern that seldom does.

    The first part is a sum over loop counters, the second holds everything else and is computed
    once if it depends on coordinates alone.
    """
    if len(indices) != 1:
        raise expressions.unsupported(
            Text(f"an index of {len(indices)} dimensions into {buffer}", f"访问 {buffer} 的 {len(indices)} 维下标")
        )
    width = expressions.element(buffer).width
    if width > 1 and expressions.element(indices[0]).width > 1:
        raise expressions.unsupported(
            Text(f"a vector index into {buffer}, whose elements are vectors,", f"用向量下标访问元素为向量的 {buffer}")
        )
    return index_sum(expressions, indices, width)


def index_sum(expressions: Compiler, parts: Any, width: int = 1) -> Index:
    """``index`` for the sum of several expressions, into a buffer whose elements are vectors of ``width``."""
    uniform: list[tuple[int, Code]] = []
    other: list[tuple[int, Code]] = []
    for part in parts:
        _terms(expressions, part, width, uniform, other)
    if width > 1:
        other.append((1, fixed(steps(width))))
    offset = _sum(uniform)
    rest = combine(
        lambda *values: sum(values[1:], values[0]), fixed(np.zeros((1,) * 6, np.int64)), *map(_scaled, other)
    )
    lanes = expressions.machine.lanes
    if rest.pure:
        return offset, remembered(rest, lanes.pattern)

    def looked_up() -> tuple[int, Pattern]:
        machine = expressions.machine
        before, machine.tainted = machine.tainted, None
        values = rest.run()
        machine.require_defined()
        machine.tainted = before
        return lanes.pattern(np.asarray(values, np.int64))

    return offset, looked_up


def _terms(expressions: Compiler, expr: Any, factor: int, uniform: list, other: list) -> None:
    """Split a sum into terms that every lane agrees on and terms that differ."""
    kind = type(expr).__name__
    exact = expressions.element(expr).dtype in _EXACT
    if exact and kind in ("Add", "Sub"):
        _terms(expressions, expr.a, factor, uniform, other)
        _terms(expressions, expr.b, factor if kind == "Add" else -factor, uniform, other)
    elif exact and kind == "Mul" and type(expr.b).__name__ == "IntImm":
        _terms(expressions, expr.a, factor * int(expr.b.value), uniform, other)
    elif exact and kind == "Ramp":
        _terms(expressions, expr.base, factor, uniform, other)
        numbers = steps(int(expr.lanes))
        other.append((factor, combine(lambda s: numbers * s, expressions.compile(expr.stride))))
    elif kind == "Var" and expr in expressions.machine.bindings:
        _terms(expressions, expressions.machine.bindings[expr], factor, uniform, other)
    else:
        code = expressions.compile(expr)
        (uniform if code.uniform else other).append((factor, code))


def condition(expressions: Compiler, code: Code) -> Callable[[], Mask]:
    """The mask of lanes in which a compiled condition holds, whichever are active."""
    lanes = expressions.machine.lanes

    def as_mask(value: Any) -> Mask:
        array = np.asarray(value, bool)
        return lanes.mask(array.reshape((1,) * (6 - array.ndim) + array.shape))

    if code.pure:
        return remembered(code, as_mask)

    def run() -> Mask:
        value = code.run()
        expressions.machine.require_defined()
        return as_mask(value)

    return run


def steps(width: int) -> np.ndarray:
    """0 to ``width`` along the vector axis."""
    return np.arange(width, dtype=np.int64).reshape(-1, 1, 1, 1, 1, 1, 1)


def _sum(terms: list[tuple[int, Code]]) -> Callable[[], int]:
    start = sum(factor * int(code.run()) for factor, code in terms if code.constant)
    moving = [(factor, code.run) for factor, code in terms if not code.constant]
    if not moving:
        return lambda: start
    if len(moving) == 1:
        factor, run = moving[0]
        return lambda: start + factor * run()
    return lambda: start + sum([factor * run() for factor, run in moving])


def _scaled(term: tuple[int, Code]) -> Code:
    factor, code = term
    return combine(lambda value: np.multiply(value, factor, dtype=np.int64), code)
