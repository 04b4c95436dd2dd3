"""Elements of types that WGSL lacks, held in words of 32 bits: bool, int8, uint8, and int64 whose values fit.

A lowered function is rewritten: each of its buffers of such a type becomes one of ``limits.HELD``, each expression one of
that type with the same value. Sums, differences and products of 8 bits are cut to 8 bits again. Of 64 bits, every value has
to be proved to fit 32 (see ``value_ranges``); nothing is cut.
"""

from collections.abc import Callable, Mapping
from typing import Any

import tvm_ffi
from tvm import ir, tirx
from tvm.sym import Analyzer
from tvm.tirx.buffer import is_buffer_var

from mlc_ref.checks.sites import nodes
from mlc_ref.gpu_sim.elements import element_of
from mlc_ref.gpu_sim.pointers import call_name
from mlc_ref.kinds import takes
from mlc_ref.language import Text
from mlc_ref.webgpu.byte_arithmetic import BYTES, COMPARISONS, OVERFLOWING, SHIFTS, cut
from mlc_ref.webgpu.limits import HELD, Unsupported
from mlc_ref.webgpu.refusals import function, parameter, unsupported
from mlc_ref.webgpu.refusals import span as in_words
from mlc_ref.webgpu.spans import Span, full, within
from mlc_ref.webgpu.value_ranges import ValueRanges

_INT32 = (-(2**31), 2**31 - 1)
_CLOSED = (tirx.Min, tirx.Max, tirx.Mod, tirx.FloorMod, tirx.RShift, tirx.BitwiseAnd, tirx.BitwiseOr, tirx.BitwiseXor)


@takes("PrimFunc")
def needs_holding(func: tirx.PrimFunc) -> bool:
    """Whether a buffer of the function has elements of a type that WGSL lacks, or bools are computed with as numbers."""
    if any(_name(each.a.ty) == "bool" for each in nodes(func.body, (*COMPARISONS, *_CLOSED, *OVERFLOWING))):
        return True
    return any(is_buffer_var(each) and _name(each.ty) in HELD for each in nodes([func.params, func.body], ir.Var))


@takes("PrimFunc")
def held(func: tirx.PrimFunc, entry: str, ranges: Mapping[Any, Span]) -> tirx.PrimFunc:
    """The function with words of 32 bits in place of elements that WGSL lacks.

    Args:
        func: a function as ``lower_for_gpu`` returns it.
        ranges: what its integer parameters can hold; others can hold anything.

    Raises:
        Unsupported: a value of 64 bits that is not known to fit 32, or an operation on such a type that has no counterpart.
    """
    # An exception of a callback would lose its class on the way through TVM, so refusals are raised here.
    rewriter = _Rewriter(entry)
    parameters, body = [rewriter.variable(each) for each in func.params], None
    if not (refused := _wider_than_32_bits(func, entry, ranges)):
        try:
            body = rewriter.rewrite(func.body)
        except TypeError as error:  # of TVM, where something refused does not fit what is around it
            rewriter.refused.append(_not_held(entry, Text.english(_excerpt(error))))
        refused = rewriter.refused or [rewriter.refusal(type(node).__name__, node) for node in _left(body)]
    if refused:
        raise refused[0]
    return tirx.PrimFunc(parameters, body, func.ret_type, func.attrs)


def _left(body: Any) -> list[Any]:
    """Expressions of types that WGSL lacks; extents in the types of buffers are none."""
    found = []

    def look(node: Any, visitor: Any) -> None:
        if _is_left(node):
            found.append(node)
        if not isinstance(node, ir.Var):
            visitor.default_visit(node)

    tvm_ffi.structural_visit(body, look)
    return found


def _is_left(node: Any) -> bool:
    """Whether a node is an expression of a type that WGSL lacks."""
    return isinstance(node, ir.Expr) and not is_buffer_var(node) and _name(node.ty) in set(HELD) - {"bool"}


def _name(ty: Any) -> str:
    """The name of an element type without its lanes; empty for what is none."""
    element = element_of(ty)
    return str(element.dtype) if element else ""


def _held(ty: Any) -> str:
    """The type that takes the place of one that WGSL lacks, with as many lanes; others as they are."""
    element = element_of(ty)
    if element is None or (name := str(element.dtype)) not in HELD:
        return str(getattr(ty, "dtype", ty))
    return HELD[name] + (f"x{element.width}" if element.width > 1 else "")


def _wider_than_32_bits(func: tirx.PrimFunc, entry: str, ranges: Mapping[Any, Span]) -> list[Unsupported]:
    """A refusal for each value of 64 bits that is not known to fit 32, and each shift by more bits than a word has."""
    values, found = ValueRanges(func, ranges), list[Unsupported]()

    def look(expr: Any) -> None:
        if isinstance(expr, ir.Expr) and _name(expr.ty) == "int64" and not within(span := values.of(expr), _INT32):
            found.append(_too_wide(entry, expr, span, sorted(each.name for each in values.depends_on(expr))))
        if isinstance(expr, SHIFTS) and _name(expr.ty) in HELD and not within(span := values.of(expr.b), (0, 31)):
            found.append(_too_far(entry, expr, span))

    kinds = (
        ir.TensorLoad, ir.Call, tirx.IntImm, tirx.Cast, tirx.Select, tirx.Ramp, tirx.BitwiseNot, *_CLOSED, *OVERFLOWING,
    )  # fmt: skip
    values.walk(dict.fromkeys(kinds, look))
    return found


def _excerpt(what: Any) -> str:
    return str(what)[:120]


def _too_far(entry: str, expr: Any, by: Span) -> Unsupported:
    got = Text("a shift by {by} in {expr}", "{expr} 中移 {by} 位").format(by=in_words(*by), expr=_excerpt(expr))
    allowed = Text("0 to 31, as words have 32 bits", "0 到 31，因为一个字有 32 位")
    then = Text("clip it in the program, or state a smaller range", "请在程序中限制它，或写明更小的取值范围")
    return unsupported(function(entry), got, allowed, then)


def _too_wide(entry: str, expr: Any, values: Span, names: list[str]) -> Unsupported:
    got = Text("int64 values from {values} in {expr}", "{expr} 中 int64 的值 {values}")
    allowed = Text(
        "those that fit 32 bits, as WGSL has no wider integers", "放得进 32 位的值，因为 WGSL 没有更宽的整数"
    )
    then = Text("use int32", "请使用 int32")
    if names:
        then = Text(
            "state smaller ones, such as ranges={{{name!r}: (0, 999)}}, or use int32",
            "请写明更小的取值范围，例如 ranges={{{name!r}: (0, 999)}}，或使用 int32",
        ).format(name=names[0])
    where = function(entry, parameter(", ".join(names)) if names else None)
    return unsupported(where, got.format(values=in_words(*values), expr=_excerpt(expr)), allowed, then)


def _not_held(entry: str, got: Text) -> Unsupported:
    allowed = Text("arithmetic, comparisons, choices and casts", "算术、比较、选择和类型转换")
    return unsupported(function(entry), got, allowed, Text("cast to int32 first", "请先转换为 int32"))


class _Rewriter:
    def __init__(self, entry: str):
        self._entry, self.refused = entry, list[Unsupported]()
        self._variables: dict[Any, Any] = {}
        self._callbacks: list[tuple[Any, Callable[[Any, Any], Any]]] = [
            (ir.Var, lambda variable, _: self.variable(variable)),
            (ir.TensorLoad, self._load),
            (tirx.BufferStore, self._store),
            (tirx.IntImm, lambda e, _: e if e.ty.dtype == "bool" else tirx.const(e.value, _held(e.ty))),
            (tirx.Cast, self._cast),
            (tirx.Select, lambda e, m: tirx.Select(*map(m.mutate, (e.condition, e.true_value, e.false_value)))),
            (tirx.Ramp, lambda e, m: tirx.Ramp(m.mutate(e.base), m.mutate(e.stride), e.lanes)),
            (tirx.Broadcast, lambda e, m: tirx.Broadcast(m.mutate(e.value), e.lanes)),
            (tirx.BitwiseNot, self._complement),
            (tirx.Let, lambda e, m: tirx.Let(self.variable(e.var), m.mutate(e.value), m.mutate(e.body))),
            (ir.Call, self._call),
            ((*COMPARISONS, *_CLOSED, *OVERFLOWING), self._binary),
        ]

    def rewrite(self, body: Any) -> Any:
        return tvm_ffi.structural_mutate(body, self._callbacks)

    def refusal(self, what: str, expr: Any) -> Unsupported:
        got = Text("{what} of {type} values in {expr}", "{expr} 中对 {type} 值的 {what}")
        return _not_held(self._entry, got.format(what=what, type=_name(expr.ty), expr=_excerpt(expr)))

    def variable(self, variable: Any) -> Any:
        """The variable or buffer that takes the place of one."""
        name = _name(variable.ty)
        if name not in HELD or (name == "bool" and not is_buffer_var(variable)):
            return variable
        if variable not in self._variables:
            new = _held(variable.ty)
            is_buffer = is_buffer_var(variable)
            self._variables[variable] = variable.with_dtype(new) if is_buffer else ir.Var(variable.name, new)
        return self._variables[variable]

    def _binary(self, expr: Any, m: Any) -> Any:
        a, b = m.mutate(expr.a), m.mutate(expr.b)
        if _name(expr.a.ty) != "bool":
            new = type(expr)(a, b)
            return _cut(new, expr.ty) if isinstance(expr, OVERFLOWING) else new
        if (new := _of_bools(type(expr), a, b)) is None:
            self.refused.append(self.refusal(type(expr).__name__, expr))
            return expr
        return new

    def _complement(self, expr: Any, m: Any) -> Any:
        value = m.mutate(expr.a)
        if _name(expr.ty) == "bool":
            return tirx.EQ(value, tirx.const(0, str(value.ty.dtype)))
        return _cut(tirx.BitwiseNot(value), expr.ty)

    def _load(self, load: Any, m: Any) -> Any:
        new = tirx.BufferLoad(self.variable(load.source), [m.mutate(index) for index in load.indices])
        return tirx.NE(new, tirx.const(0, _held(load.ty))) if _name(load.ty) == "bool" else new

    def _store(self, store: Any, m: Any) -> Any:
        value, indices = m.mutate(store.value), [m.mutate(index) for index in store.indices]
        if _name(store.value.ty) == "bool":
            value = tirx.Cast(_held(store.value.ty), value)
        return tirx.BufferStore(self.variable(store.buffer), value, indices)

    def _cast(self, cast: Any, m: Any) -> Any:
        value, target = m.mutate(cast.value), str(cast.ty.dtype) if _name(cast.ty) == "bool" else _held(cast.ty)
        new = value if str(value.ty.dtype) == target else tirx.Cast(target, value)
        return new if _name(cast.value.ty) in ("bool", _name(cast.ty)) else _cut(new, cast.ty)

    def _call(self, call: Any, m: Any) -> Any:
        name = call_name(call)
        if name == "buffer_data":
            return self.variable(call.args[0]).data
        arguments = [m.mutate(argument) for argument in call.args]
        if name == "if_then_else":
            return tirx.if_then_else(*arguments)
        for argument in (call, *call.args):
            if _is_left(argument):
                self.refused.append(self.refusal(name, argument))
        return m.default_mutate(call)


def _cut(value: Any, ty: Any) -> Any:
    """The value's low bits, as many as the type has, as that type reads them; of other types the value."""
    name = _name(ty)
    if name not in BYTES:
        return value
    bound = Analyzer().const_int_bound(value)
    return value if within((int(bound.min_value), int(bound.max_value)), full(name)) else cut(value, name)


def _of_bools(kind: type, a: Any, b: Any) -> Any:
    """An operation on bools as one that WGSL has for them; None where there is none."""
    inverted = tirx.EQ(a, tirx.const(0, str(a.ty.dtype))), tirx.EQ(b, tirx.const(0, str(b.ty.dtype)))
    operations: dict[type, Callable[[], Any]] = {
        **dict.fromkeys((tirx.Add, tirx.Max, tirx.BitwiseOr), lambda: tirx.BitwiseOr(a, b)),
        **dict.fromkeys((tirx.Mul, tirx.Min, tirx.BitwiseAnd), lambda: tirx.BitwiseAnd(a, b)),
        **dict.fromkeys((tirx.NE, tirx.BitwiseXor), lambda: tirx.NE(a, b)),
        tirx.EQ: lambda: tirx.EQ(a, b),
        tirx.LT: lambda: tirx.BitwiseAnd(inverted[0], b), tirx.LE: lambda: tirx.BitwiseOr(inverted[0], b),
        tirx.GT: lambda: tirx.BitwiseAnd(a, inverted[1]), tirx.GE: lambda: tirx.BitwiseOr(a, inverted[1]),
    }  # fmt: skip
    return operations[kind]() if kind in operations else None
