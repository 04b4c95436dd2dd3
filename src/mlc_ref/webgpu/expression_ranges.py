"""The range of an expression of integers, given those of the variables and buffers in it.

TVM's analyzer knows the rules of arithmetic; loads, choices and what may overflow become variables of known ranges first.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import tvm_ffi
from tvm import ir, tirx
from tvm.sym import Analyzer, ConstIntBound

from mlc_ref.checks.sites import nodes
from mlc_ref.gpu_sim.pointers import call_name
from mlc_ref.webgpu.byte_arithmetic import COMPARISONS, OVERFLOWING, SHIFTS
from mlc_ref.webgpu.spans import Span, full, is_integer, scalar, union, within

_DIVISIONS = (tirx.Div, tirx.Mod, tirx.FloorDiv, tirx.FloorMod)
_FINITE = (ConstIntBound.NEG_INF, ConstIntBound.POS_INF)


BINARY = (
    tirx.Add, tirx.Sub, tirx.Mul, tirx.Div, tirx.Mod, tirx.FloorDiv, tirx.FloorMod, tirx.Min, tirx.Max, tirx.LShift,
    tirx.RShift, tirx.BitwiseAnd, tirx.BitwiseOr, tirx.BitwiseXor, *COMPARISONS,
)  # fmt: skip


class ExpressionRanges:
    """Ranges of expressions where a walk through the program stands.

    Attributes:
        buffers: what buffers of integers can hold.

    Args:
        owners: the buffer whose memory another name uses.
    """

    def __init__(self, owners: dict[Any, Any]):
        self.buffers: dict[Any, Span] = {}
        self._owners = owners
        self._constant: set[Any] = set()  # buffers that are never written
        self._pointed: set[Any] = set()  # buffers that may hold anything: not all that is written to them is seen
        self.begin()

    def begin(self) -> None:
        """Forget all that holds at some place only."""
        self._analyzer, self._loads = Analyzer(), list[tuple[Any, Any]]()
        self._undefined: set[Any] = set()

    def owner(self, buffer: Any) -> Any:
        """The buffer whose memory another name of it uses."""
        while (owner := self._owners.get(buffer)) is not None:
            buffer = owner
        return buffer

    def of(self, expr: Any) -> Span:
        """The range of an expression of integers where ``walk`` stands; of a vector, that of any lane."""
        return self._span(self._stood(expr))

    def _span(self, stood: Any) -> Span:
        bound = self._analyzer.const_int_bound(stood)
        return int(bound.min_value), int(bound.max_value)

    def _stood(self, expr: Any) -> Any:
        """The expression with variables of known ranges in place of loads, choices and what may overflow."""

        def cast(expr: Any, m: Any) -> Any:
            value, ty = m.mutate(expr.value), scalar(expr.ty)
            if is_integer(ty) and scalar(value.ty) == "bool":
                return self._variable(ty, (0, 1))
            if value in self._undefined:
                return self._undefined_value(expr)
            if not is_integer(ty) or not is_integer(value.ty):
                return self._unknown(expr)
            return self._fitting(tirx.Cast(ty, value), self._span(value))

        def complement(expr: Any, m: Any) -> Any:
            value = m.mutate(expr.a)
            return self._undefined_value(expr) if value in self._undefined else tirx.BitwiseNot(value)

        def binary(expr: Any, m: Any) -> Any:
            a, b = m.mutate(expr.a), m.mutate(expr.b)
            if a in self._undefined or b in self._undefined or not self._is_defined(type(expr), b):
                return self._undefined_value(expr)
            stood = type(expr)(a, b)
            span = self._shifted(a, b) if type(expr) is tirx.LShift else self._span(stood)
            return self._fitting(stood, span) if type(expr) in OVERFLOWING else stood

        def lane(ramp: Any, m: Any) -> Any:
            return m.mutate(ramp.base + ramp.stride * self._variable(ramp.base.ty, (0, int(ramp.lanes) - 1)))

        def call(call: Any, m: Any) -> Any:
            return self._chosen(call, *call.args) if is_choice(call) else self._unknown(call)

        stand_ins: list[tuple[Any, Callable[[Any, Any], Any]]] = [
            (ir.TensorLoad, lambda load, m: self._loaded(load)),
            (tirx.Select, lambda e, m: self._chosen(e, e.condition, e.true_value, e.false_value)),
            (tirx.Broadcast, lambda e, m: m.mutate(e.value)),
            (ir.Call, call),
            (tirx.Ramp, lane),
            (tirx.Cast, cast),
            (tirx.BitwiseNot, complement),
            (BINARY, binary),
        ]
        return tvm_ffi.structural_mutate(expr, stand_ins)

    def _fitting(self, stood: Any, span: Span) -> Any:
        """The expression, or an undefined value where its value, ``span`` before it is cut, may not fit its type."""
        if not is_integer(stood.ty):
            return stood
        fits = within(span, full(stood.ty)) and _FINITE[0] < span[0] and span[1] < _FINITE[1]
        return stood if fits else self._undefined_value(stood)

    def _shifted(self, value: Any, by: Any) -> Span:
        """What ``value << by`` would be without an end of its type; TVM's analyzer cuts it where ``value`` may be negative."""
        corners = [each << bits for each in self._span(value) for bits in self._span(by)]
        return min(corners), max(corners)

    def _is_defined(self, kind: type, second: Any) -> bool:
        """Whether a second operand is one that the operation has a result for."""
        if kind not in (*_DIVISIONS, *SHIFTS) or not is_integer(second.ty):
            return True
        least, most = self._span(second)
        bits = full(second.ty)[1].bit_length() + (full(second.ty)[0] < 0)
        return 0 <= least <= most < bits if kind in SHIFTS else least > 0 or most < 0

    def _undefined_value(self, expr: Any) -> Any:
        """A variable in place of what may overflow, and of all that is computed from it.

        TVM simplifies as if nothing overflowed: of ``max(x * x, 0)`` it leaves ``x * x``. So a later step that would bring the
        value into bounds may be gone from the code, and counts for nothing here.
        """
        variable = self._unknown(expr)
        self._undefined.add(variable)
        return variable

    def _unknown(self, expr: Any) -> Any:
        """A variable that may have any value of the expression's type."""
        return self._variable(expr.ty, full(expr.ty)) if is_integer(expr.ty) else ir.Var("value", scalar(expr.ty))

    def _variable(self, ty: Any, span: Span) -> Any:
        variable = ir.Var("value", scalar(ty))
        self._know(variable, span)
        return variable

    def _loaded(self, load: Any) -> Any:
        """A variable in place of a load; the same for equal loads of memory that is never written."""
        if not is_integer(load.ty):
            return self._unknown(load)
        buffer = self.owner(load.source)
        fixed = all(self.owner(each.source) in self._constant for each in nodes(load, ir.TensorLoad))
        if fixed:
            for known, variable in self._loads:
                if tvm_ffi.structural_equal(known, load, map_free_vars=False):
                    return variable
        # What a buffer of the function's own holds before anything is stored is no value at all.
        held = full(load.ty) if buffer in self._pointed else self.buffers.get(buffer, (0, 0))
        variable = self._variable(load.ty, held)
        if fixed:
            self._loads.append((load, variable))
        return variable

    def _chosen(self, expr: Any, condition: Any, first: Any, second: Any) -> Any:
        if not is_integer(expr.ty):
            return self._unknown(expr)
        spans = []
        for value, holds in ((first, True), (second, False)):
            with self._given(condition, holds):
                if (stood := self._stood(value)) in self._undefined:
                    return self._undefined_value(expr)
                spans.append(self._span(stood))
        return self._variable(expr.ty, union(spans[0], spans[1]))

    @contextmanager
    def _given(self, condition: Any, holds: bool) -> Iterator[None]:
        stood = self._stood(condition)
        known = stood if holds else self._analyzer.simplify(tirx.Not(stood))
        with self._analyzer.constraint_scope(known):
            yield

    def _know(self, variable: Any, span: Span) -> None:
        self._analyzer.update(variable, ConstIntBound(*(max(_FINITE[0], min(_FINITE[1], each)) for each in span)), True)


def is_choice(call: Any) -> bool:
    return call_name(call) == "if_then_else"
