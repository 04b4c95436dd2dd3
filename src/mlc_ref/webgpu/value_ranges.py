"""Which integers the expressions of a TensorIR function can have, for all inputs within given ranges.

TVM's analyzer knows the bounds of loops and the rules of arithmetic; what buffers hold is found here, as the least
fixed point over all stores (P. Cousot and R. Cousot, Abstract interpretation, 1977). It is the same before and after lowering.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeAlias

import tvm_ffi
from tvm import ir, tirx
from tvm.s_tir import SBlock, SBlockRealize
from tvm.sym import Analyzer, ConstIntBound

from mlc_ref.checks.sites import nodes
from mlc_ref.gpu_sim.elements import element_of
from mlc_ref.gpu_sim.pointers import buffer_of, call_name

Span: TypeAlias = tuple[int, int]
"""Least and greatest value, both included."""
_ROUNDS = 8  # after them, a buffer that still changes may hold anything


BINARY = (
    tirx.Add, tirx.Sub, tirx.Mul, tirx.Div, tirx.Mod, tirx.FloorDiv, tirx.FloorMod, tirx.Min, tirx.Max, tirx.LShift,
    tirx.RShift, tirx.BitwiseAnd, tirx.BitwiseOr, tirx.BitwiseXor, tirx.EQ, tirx.NE, tirx.LT, tirx.LE, tirx.GT, tirx.GE,
)  # fmt: skip


def _scalar(ty: Any) -> str:
    element = element_of(ty)
    return str(element.dtype) if element else str(ty)


def is_integer(ty: Any) -> bool:
    """Whether a type, or a buffer's type, is one of integers; bool is none."""
    element = element_of(ty)
    return element is not None and element.dtype.kind in "iu"


def full(ty: Any) -> Span:
    """All integers of a type."""
    element = element_of(ty)
    assert element is not None
    bits, signed = 8 * element.dtype.itemsize, element.dtype.kind == "i"
    return (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) if signed else (0, 2**bits - 1)


def within(inner: Span, outer: Span) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1]


def union(first: Span | None, second: Span) -> Span:
    return second if first is None else (min(first[0], second[0]), max(first[1], second[1]))


class ValueRanges:
    """The ranges of a function's integer buffers, and of its expressions while ``walk`` stands at them.

    Attributes:
        buffers: what each buffer of integers that is given or stored to can hold.
        sources: the parameters that what a buffer holds depends on.

    Args:
        given: ranges of parameters; any other that is read before the function writes it may hold anything.
    """

    def __init__(self, func: tirx.PrimFunc, given: Mapping[Any, Span]):
        self.func = func
        self._owners = {
            decl.buffer: buffer_of(decl.data) for decl in nodes(func.body, tirx.DeclBuffer) if decl.data is not None
        }
        written = {self.owner(store.buffer) for store in nodes(func.body, tirx.BufferStore)}
        read = {self.owner(load.source) for load in nodes(func.body, ir.TensorLoad)}
        known = [each for each in func.params if each in read or each not in written]
        self._constant = {each for each in known if each not in written}
        self.buffers: dict[Any, Span] = {each: given.get(each, full(each.ty)) for each in known if is_integer(each.ty)}
        self.sources: dict[Any, set[Any]] = {each: {each} for each in known}
        self._bound: dict[Any, set[Any]] = {}  # variables of Bind and Let: the parameters their values depend on
        self._stand_ins = [
            (ir.TensorLoad, lambda load, _: self._loaded(load)),
            (
                tirx.Select,
                lambda select, _: self._chosen(select, select.condition, select.true_value, select.false_value),
            ),
            (ir.Call, lambda call, m: self._chosen(call, *call.args) if _is_choice(call) else m.default_mutate(call)),
            # Of vectors, any one lane.
            (
                tirx.Ramp,
                lambda e, m: m.mutate(e.base) + m.mutate(e.stride) * self._variable(e.base.ty, (0, int(e.lanes) - 1)),
            ),
            (tirx.Broadcast, lambda e, m: m.mutate(e.value)),
            (tirx.Cast, lambda e, m: tirx.Cast(_scalar(e.ty), m.mutate(e.value))),
            *((kind, lambda e, m: type(e)(m.mutate(e.a), m.mutate(e.b))) for kind in BINARY),
        ]
        self._settle()

    def owner(self, buffer: Any) -> Any:
        """The buffer whose memory another name of it uses."""
        while (owner := self._owners.get(buffer)) is not None:
            buffer = owner
        return buffer

    def _settle(self) -> None:
        for round_ in range(2 * _ROUNDS):
            before = {key: (self.buffers.get(key), frozenset(found)) for key, found in self.sources.items()}
            self.walk({tirx.BufferStore: lambda store, last=round_ >= _ROUNDS: self._store(store, last)})
            if before == {key: (self.buffers.get(key), frozenset(found)) for key, found in self.sources.items()}:
                return
        raise AssertionError("ranges that are as wide as their types do not change")

    def _store(self, store: Any, anything: bool) -> None:
        buffer = self.owner(store.buffer)
        self.sources.setdefault(buffer, set()).update(self.depends_on(store.value))
        if not is_integer(store.buffer.ty):
            return
        all_values = full(store.buffer.ty)
        old, found = self.buffers.get(buffer), self.of(store.value)
        if old is None or not within(found, old):
            new = union(old, found)
            self.buffers[buffer] = new if within(new, all_values) and not (anything and old) else all_values

    def depends_on(self, expr: Any) -> set[Any]:
        """The parameters that a value is computed from."""
        loads = (self.sources.get(self.owner(load.source), set()) for load in nodes(expr, ir.TensorLoad))
        return set().union(*loads, *(self._bound.get(variable, set()) for variable in nodes(expr, ir.Var)))

    def of(self, expr: Any) -> Span:
        """The range of an expression of integers where ``walk`` stands."""
        bound = self._analyzer.const_int_bound(tvm_ffi.structural_mutate(expr, self._stand_ins))
        return int(bound.min_value), int(bound.max_value)

    def walk(self, at: Mapping[type, Callable[[Any], None]]) -> None:
        """Visit all statements and expressions in the order of the program; ``at`` is called after what a node holds."""
        self._analyzer, self._loads = Analyzer(), list[tuple[Any, Any]]()
        enter = {
            tirx.For: self._loop, tirx.AttrStmt: self._thread, SBlock: self._block, SBlockRealize: self._realize,
            tirx.Bind: self._bind, tirx.Let: self._let, tirx.IfThenElse: self._branch, ir.Call: self._choice,
        }  # fmt: skip

        def callback(kind: type) -> Callable[[Any, Any], None]:
            inside, after = enter.get(kind, lambda node, visitor: visitor.default_visit(node)), at.get(kind)

            def visit(node: Any, visitor: Any) -> None:
                inside(node, visitor)
                if after:
                    after(node)

            return visit

        tvm_ffi.structural_visit(self.func.body, [(kind, callback(kind)) for kind in {*enter, *at}])

    def _variable(self, ty: Any, span: Span) -> Any:
        variable = ir.Var("value", _scalar(ty))
        self._analyzer.update(variable, ConstIntBound(*span))
        return variable

    def _loaded(self, load: Any) -> Any:
        """A variable in place of a load; the same for equal loads of memory that is never written."""
        if not is_integer(load.ty):
            return load
        buffer = self.owner(load.source)
        if buffer in self._constant:
            for known, variable in self._loads:
                if tvm_ffi.structural_equal(known, load, map_free_vars=False):
                    return variable
        # What is read before anything is stored is no value at all.
        variable = self._variable(load.ty, self.buffers.get(buffer, (0, 0)))
        if buffer in self._constant:
            self._loads.append((load, variable))
        return variable

    def _chosen(self, expr: Any, condition: Any, first: Any, second: Any) -> Any:
        if not is_integer(expr.ty):
            return expr
        spans = []
        for value, holds in ((first, True), (second, False)):
            with self._given(condition, holds):
                spans.append(self.of(value))
        return self._variable(expr.ty, union(spans[0], spans[1]))

    @contextmanager
    def _given(self, condition: Any, holds: bool) -> Iterator[None]:
        stood = tvm_ffi.structural_mutate(condition, self._stand_ins)
        known = stood if holds else self._analyzer.simplify(tirx.Not(stood))
        with self._analyzer.constraint_scope(known):
            yield

    def _loop(self, loop: Any, visitor: Any) -> None:
        self._analyzer.bind(loop.loop_var, ir.Range.from_min_extent(loop.min, loop.extent), True)
        visitor.default_visit(loop)

    def _thread(self, attr: Any, visitor: Any) -> None:
        if attr.attr_key in ("thread_extent", "virtual_thread"):
            self._analyzer.bind(
                attr.node.var, ir.Range.from_min_extent(tirx.const(0, attr.value.ty.dtype), attr.value), True
            )
        visitor.visit(attr.value)
        visitor.visit(attr.body)

    def _block(self, block: Any, visitor: Any) -> None:
        for axis in block.iter_vars:
            self._analyzer.bind(axis.var, axis.dom, True)
        if block.init is not None:
            visitor.visit(block.init)
        visitor.visit(block.body)

    def _realize(self, realize: Any, visitor: Any) -> None:
        for value in (*realize.iter_values, realize.predicate):
            visitor.visit(value)
        with self._given(realize.predicate, True):
            visitor.visit(realize.block)

    def _bind(self, bind: Any, visitor: Any) -> None:
        visitor.visit(bind.value)
        self._bound[bind.var] = self.depends_on(bind.value)
        if is_integer(bind.var.ty):
            self._analyzer.update(bind.var, ConstIntBound(*self.of(bind.value)), True)

    def _let(self, let: Any, visitor: Any) -> None:
        self._bind(let, visitor)
        visitor.visit(let.body)

    def _branch(self, branch: Any, visitor: Any) -> None:
        visitor.visit(branch.condition)
        for body, holds in ((branch.then_case, True), (branch.else_case, False)):
            if body is not None:
                with self._given(branch.condition, holds):
                    visitor.visit(body)

    def _choice(self, call: Any, visitor: Any) -> None:
        if not _is_choice(call):
            visitor.default_visit(call)
            return
        condition, first, second = call.args
        visitor.visit(condition)
        for value, holds in ((first, True), (second, False)):
            with self._given(condition, holds):
                visitor.visit(value)


def _is_choice(call: Any) -> bool:
    return call_name(call) == "if_then_else"
