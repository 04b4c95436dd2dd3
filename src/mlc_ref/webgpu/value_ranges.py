"""Which integers the expressions of a TensorIR function can have, for all inputs within given ranges.

TVM's analyzer knows the bounds of loops and the rules of arithmetic; what buffers hold is found here, as the least
fixed point over all stores (P. Cousot and R. Cousot, Abstract interpretation, 1977). It is the same before and after lowering.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from itertools import count
from typing import Any

import tvm_ffi
from tvm import ir, tirx
from tvm.s_tir import SBlock, SBlockRealize
from tvm.sym import Analyzer, ConstIntBound
from tvm.tirx.buffer import is_buffer_var

from mlc_ref.checks.sites import nodes
from mlc_ref.gpu_sim.pointers import buffer_of, call_name
from mlc_ref.webgpu.byte_arithmetic import OVERFLOWING
from mlc_ref.webgpu.spans import Span, full, is_integer, scalar, union, within

_DIVISIONS = (tirx.Div, tirx.Mod, tirx.FloorDiv, tirx.FloorMod)
_SHIFTS = (tirx.LShift, tirx.RShift)
_COMPARISONS = (tirx.EQ, tirx.NE, tirx.LT, tirx.LE, tirx.GT, tirx.GE)
_FINITE = (ConstIntBound.NEG_INF, ConstIntBound.POS_INF)
_ROUNDS = 8  # after them, a buffer that still changes may hold anything


BINARY = (
    tirx.Add, tirx.Sub, tirx.Mul, tirx.Div, tirx.Mod, tirx.FloorDiv, tirx.FloorMod, tirx.Min, tirx.Max, tirx.LShift,
    tirx.RShift, tirx.BitwiseAnd, tirx.BitwiseOr, tirx.BitwiseXor, *_COMPARISONS,
)  # fmt: skip


def _owners(body: Any) -> dict[Any, Any]:
    """Names of buffers that use the memory of others."""
    declared = {decl.buffer: buffer_of(decl.data) for decl in nodes(body, tirx.DeclBuffer) if decl.data is not None}
    blocks = nodes(body, SBlock)
    return declared | {match.buffer: match.source.source for block in blocks for match in block.match_buffers}


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
        self._owners = _owners(func.body)
        retyped = {self.owner(name) for name in self._owners if scalar(name.ty) != scalar(self.owner(name).ty)}
        self._pointed = self._addressed() | retyped
        written = {self.owner(store.buffer) for store in nodes(func.body, tirx.BufferStore)} | self._pointed
        read = {self.owner(load.source) for load in nodes(func.body, ir.TensorLoad)} | self._pointed
        known = [each for each in func.params if each in read or each not in written]
        self._constant = {each for each in known if each not in written}
        self.buffers: dict[Any, Span] = {each: given.get(each, full(each.ty)) for each in known if is_integer(each.ty)}
        self.sources: dict[Any, set[Any]] = {each: {each} for each in known}
        self._bound: dict[Any, set[Any]] = {}  # variables that depend on what memory holds: on which parameters
        self._settle()

    def _addressed(self) -> set[Any]:
        """Buffers whose addresses are taken: what is read or written through them is not followed."""
        calls = [call for call in nodes(self.func.body, ir.Call) if call_name(call) in ("address_of", "tvm_access_ptr")]
        return {self.owner(variable) for variable in nodes(calls, ir.Var) if is_buffer_var(variable)}

    def owner(self, buffer: Any) -> Any:
        """The buffer whose memory another name of it uses."""
        while (owner := self._owners.get(buffer)) is not None:
            buffer = owner
        return buffer

    def _settle(self) -> None:
        for round_ in count():  # ends: from some round on, whatever changes becomes as wide as its type
            before = {key: (self.buffers.get(key), frozenset(found)) for key, found in self.sources.items()}
            self.walk({tirx.BufferStore: partial(self._store, anything=round_ >= _ROUNDS)})
            if before == {key: (self.buffers.get(key), frozenset(found)) for key, found in self.sources.items()}:
                return

    def _store(self, store: Any, anything: bool) -> None:
        buffer = self.owner(store.buffer)
        self.sources.setdefault(buffer, set()).update(self.depends_on(store.value))
        if not is_integer(store.buffer.ty):
            return
        all_values = full(store.buffer.ty)
        old, found = self.buffers.get(buffer), self.of(store.value)
        if old is None or not within(found, old):
            new = union(old, found)
            self.buffers[buffer] = new if within(new, all_values) and not anything else all_values

    def depends_on(self, expr: Any) -> set[Any]:
        """The parameters that a value is computed from."""
        loads = (self.sources.get(self.owner(load.source), set()) for load in nodes(expr, ir.TensorLoad))
        return set().union(*loads, *(self._bound.get(variable, set()) for variable in nodes(expr, ir.Var)))

    def reads_memory(self, expr: Any) -> bool:
        """Whether a value depends on what some buffer holds, be it a parameter or the function's own."""
        return bool(nodes(expr, ir.TensorLoad)) or any(variable in self._bound for variable in nodes(expr, ir.Var))

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
            return self._fitting(stood, self._span(stood)) if type(expr) in OVERFLOWING else stood

        def lane(ramp: Any, m: Any) -> Any:
            return m.mutate(ramp.base + ramp.stride * self._variable(ramp.base.ty, (0, int(ramp.lanes) - 1)))

        def call(call: Any, m: Any) -> Any:
            return self._chosen(call, *call.args) if _is_choice(call) else self._unknown(call)

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

    def _is_defined(self, kind: type, second: Any) -> bool:
        """Whether a second operand is one that the operation has a result for."""
        if kind not in (*_DIVISIONS, *_SHIFTS) or not is_integer(second.ty):
            return True
        least, most = self._span(second)
        bits = full(second.ty)[1].bit_length() + (full(second.ty)[0] < 0)
        return 0 <= least <= most < bits if kind in _SHIFTS else least > 0 or most < 0

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

    def walk(self, at: Mapping[type, Callable[[Any], None]]) -> None:
        """Visit all statements and expressions in the order of the program; ``at`` is called after what a node holds."""
        self._analyzer, self._loads = Analyzer(), list[tuple[Any, Any]]()
        self._undefined: set[Any] = set()
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

    def _loop(self, loop: Any, visitor: Any) -> None:
        for value in (loop.min, loop.extent):
            visitor.visit(value)
        bounds = [loop.min, loop.extent]
        if self.reads_memory(bounds):
            self._bound[loop.loop_var] = self.depends_on(bounds)
            first, length = map(self._stood, bounds)
            least, most = self._span(first)[0], self._span(first)[1] + self._span(length)[1] - 1
            self._know(loop.loop_var, (least, max(least, most)))
            if {first, length} & self._undefined or not within((least, max(least, most)), full(loop.loop_var.ty)):
                self._undefined.add(loop.loop_var)
        else:
            self._analyzer.bind(loop.loop_var, ir.Range.from_min_extent(loop.min, loop.extent), True)
        visitor.visit(loop.body)

    def _know(self, variable: Any, span: Span) -> None:
        self._analyzer.update(variable, ConstIntBound(*(max(_FINITE[0], min(_FINITE[1], each)) for each in span)), True)

    def _thread(self, attr: Any, visitor: Any) -> None:
        if attr.attr_key in ("thread_extent", "virtual_thread"):
            self._analyzer.bind(
                attr.node.var, ir.Range.from_min_extent(tirx.const(0, attr.value.ty.dtype), attr.value), True
            )
        visitor.visit(attr.value)
        visitor.visit(attr.body)

    def _block(self, block: Any, visitor: Any) -> None:
        if block.init is not None:
            visitor.visit(block.init)
        visitor.visit(block.body)

    def _realize(self, realize: Any, visitor: Any) -> None:
        for axis, value in zip(realize.block.iter_vars, realize.iter_values, strict=True):
            visitor.visit(value)
            self._axis(axis, value, realize.predicate)
        visitor.visit(realize.predicate)
        with self._given(realize.predicate, True):
            visitor.visit(realize.block)

    def _axis(self, axis: Any, value: Any, predicate: Any) -> None:
        """Note an axis's domain; where its value depends on memory, or may leave the domain, what the value can be."""
        with self._given(predicate, True):
            stood = self._stood(value)
            span = self._span(stood)
        if self.reads_memory(value):
            self._bound[axis.var] = self.depends_on(value)
        elif within(span, self._domain(axis.dom)):
            self._analyzer.bind(axis.var, axis.dom, True)
            return
        self._know(axis.var, span)
        if stood in self._undefined:
            self._undefined.add(axis.var)

    def _domain(self, domain: Any) -> Span:
        first, length = self._span(domain.min), self._span(domain.extent)
        return first[1], first[0] + length[0] - 1

    def _bind(self, bind: Any, visitor: Any) -> None:
        visitor.visit(bind.value)
        if self.reads_memory(bind.value):
            self._bound[bind.var] = self.depends_on(bind.value)
        if is_integer(bind.var.ty):
            stood = self._stood(bind.value)
            self._know(bind.var, self._span(stood))
            if stood in self._undefined:
                self._undefined.add(bind.var)

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
