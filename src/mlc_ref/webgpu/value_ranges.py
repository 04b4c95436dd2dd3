"""Which integers the expressions of a TensorIR function can have, for all inputs within given ranges.

TVM's analyzer knows the bounds of loops and the rules of arithmetic; what buffers hold is found here, as the least
fixed point over all stores (P. Cousot and R. Cousot, Abstract interpretation, 1977). It is the same before and after lowering.
"""

from collections.abc import Callable, Mapping
from functools import partial
from itertools import count
from typing import Any

import tvm_ffi
from tvm import ir, tirx
from tvm.s_tir import SBlock, SBlockRealize
from tvm.tirx.buffer import is_buffer_var

from mlc_ref.checks.sites import nodes
from mlc_ref.gpu_sim.pointers import buffer_of, call_name
from mlc_ref.language import Text
from mlc_ref.webgpu.expression_ranges import ExpressionRanges, is_choice
from mlc_ref.webgpu.refusals import function, unsupported
from mlc_ref.webgpu.spans import Span, full, is_integer, scalar, union, within

_ROUNDS = 8  # after them, a buffer that still changes may hold anything


def _owners(body: Any) -> dict[Any, Any]:
    """Names of buffers that use the memory of others."""
    declared = {decl.buffer: buffer_of(decl.data) for decl in nodes(body, tirx.DeclBuffer) if decl.data is not None}
    blocks = nodes(body, SBlock)
    return declared | {match.buffer: match.source.source for block in blocks for match in block.match_buffers}


class ValueRanges(ExpressionRanges):
    """The ranges of a function's integer buffers, and of its expressions while ``walk`` stands at them.

    Attributes:
        buffers: what each buffer of integers that is given or stored to can hold.
        sources: the parameters that what a buffer holds depends on.

    Args:
        given: ranges of parameters; any other that is read before the function writes it may hold anything.
    """

    def __init__(self, func: tirx.PrimFunc, given: Mapping[Any, Span]):
        super().__init__(_owners(func.body))
        self.func = func
        retyped = {self.owner(name) for name in self._owners if scalar(name.ty) != scalar(self.owner(name).ty)}
        self._pointed = self._addressed() | retyped
        written = {self.owner(store.buffer) for store in nodes(func.body, tirx.BufferStore)} | self._pointed
        read = {self.owner(load.source) for load in nodes(func.body, ir.TensorLoad)} | self._pointed
        known = [each for each in func.params if each in read or each not in written]
        self._constant = {each for each in known if each not in written}
        self.buffers = {each: given.get(each, full(each.ty)) for each in known if is_integer(each.ty)}
        self.sources: dict[Any, set[Any]] = {each: {each} for each in known}
        self._bound: dict[Any, set[Any]] = {}  # variables that depend on what memory holds: on which parameters
        self._settle()

    def _addressed(self) -> set[Any]:
        """Buffers whose addresses are taken: what is read or written through them is not followed."""
        calls = [call for call in nodes(self.func.body, ir.Call) if call_name(call) in ("address_of", "tvm_access_ptr")]
        return {self.owner(variable) for variable in nodes(calls, ir.Var) if is_buffer_var(variable)}

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

    def walk(self, at: Mapping[type, Callable[[Any], None]]) -> None:
        """Visit all statements and expressions in the order of the program; ``at`` is called after what a node holds.

        Raises:
            Unsupported: TVM's analyzer cannot reason about the program's constants.
        """
        self.begin()
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

        try:
            tvm_ffi.structural_visit(self.func.body, [(kind, callback(kind)) for kind in {*enter, *at}])
        except (RuntimeError, ValueError) as error:  # of TVM's analyzer, where folded constants do not fit their type
            raise self._not_folded(str(error).strip().splitlines()[-1]) from error

    def _not_folded(self, reason: str) -> Exception:
        name = (self.func.attrs or {}).get("global_symbol", "main")
        got = Text("constants that TVM's analyzer cannot fold ({reason})", "TVM 的分析器无法折叠的常量（{reason}）")
        allowed = Text("constants whose results fit their type", "结果不超出其类型的常量")
        then = Text(
            "write the constant as one number, or cast it to a wider type", "请把常量写成一个数，或先转换为更宽的类型"
        )
        return unsupported(function(name), got.format(reason=Text.english(reason)), allowed, then)

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
        if not is_choice(call):
            visitor.default_visit(call)
            return
        condition, first, second = call.args
        visitor.visit(condition)
        for value, holds in ((first, True), (second, False)):
            with self._given(condition, holds):
                visitor.visit(value)
