"""Expressions become closures that compute a value for all lanes at once.

A closure returns a Python number where the value is the same in every lane, or an array over the
lanes (see ``lanes.py``). Whatever depends on thread and block coordinates alone is computed when the
closure is built; whatever also depends on loop counters is kept for each value of the counters.
"""

from collections.abc import Callable
from functools import singledispatchmethod
from typing import Any

import numpy as np
from tvm import ir, tirx

from mlc_ref.gpu_sim.access import Access
from mlc_ref.gpu_sim.codes import Cell, Code, combine, fixed
from mlc_ref.gpu_sim.elements import Element, element_of
from mlc_ref.gpu_sim.errors import Unsupported, unsupported
from mlc_ref.gpu_sim.functions import BINARY, BITS, CALLS, COSTS, EXTERN, FLOPS, FREE_CALLS, bit_function
from mlc_ref.gpu_sim.generated_accesses import loads_whole
from mlc_ref.gpu_sim.indexing import index, steps
from mlc_ref.gpu_sim.machine import Machine
from mlc_ref.gpu_sim.pointers import call_name
from mlc_ref.gpu_sim.rows import Row
from mlc_ref.gpu_sim.values import choose, plain, reinterpret, to, vector
from mlc_ref.language import Text


class Expressions:
    """Compiles expressions for one machine.

    Attributes:
        scope: what the variables in scope are: coordinates, loop counters, ``let`` values.
        flops: floating-point operations of the expressions compiled since it was last reset.
        row: the statement being compiled.
    """

    def __init__(self, machine: Machine, scope: dict[Any, Code]):
        self.machine = machine
        self.scope = scope
        self.flops = 0
        self.row = Row(None)
        self.special: dict[str, Callable[[Any], Code]] = {}

    def compile(self, expr: Any) -> Code:
        """The closure of an expression.

        Raises:
            Unsupported: naming the node and the statement.
        """
        return self._compile_node(expr)

    @singledispatchmethod
    def _compile_node(self, expr: Any) -> Code:
        kind = type(expr).__name__
        if kind in BINARY:
            return self._binary(expr, kind)
        raise self.unsupported(Text(f"expression {kind} ({expr})", f"表达式 {kind}（{expr}）"))

    def unsupported(self, what: Text) -> Unsupported:
        """The error for a construct the simulator does not know."""
        return unsupported(self.machine.name, what, self.row.statement)

    def element(self, expr: Any) -> Element:
        """Element type and vector width of an expression."""
        found = element_of(expr.ty)
        if found is None:
            dtype = getattr(expr.ty, "dtype", expr.ty)
            raise self.unsupported(Text(f"type {dtype}", f"类型 {dtype}"))
        return found

    def _binary(self, expr: Any, kind: str) -> Code:
        element = self.element(expr)
        if kind in FLOPS and element.is_float:
            self.flops += element.width
        code = combine(plain(kind, BINARY[kind]), self.compile(expr.a), self.compile(expr.b))
        return combine(to(element.dtype), code)

    @_compile_node.register(ir.Var)
    def _var(self, expr: Any) -> Code:
        if expr not in self.scope:
            raise self.unsupported(Text(f"variable {expr}", f"变量 {expr}"))
        return self.scope[expr]

    @_compile_node.register(tirx.IntImm)
    def _intimm(self, expr: Any) -> Code:
        return fixed(bool(expr.value) if str(expr.ty) == "bool" else int(expr.value))

    @_compile_node.register(tirx.FloatImm)
    def _floatimm(self, expr: Any) -> Code:
        return fixed(self.element(expr).dtype.type(expr.value))

    @_compile_node.register(tirx.Cast)
    def _cast(self, expr: Any) -> Code:
        return combine(to(self.element(expr).dtype), self.compile(expr.value))

    @_compile_node.register(tirx.Broadcast)
    def _broadcast(self, expr: Any) -> Code:
        return self.compile(expr.value)

    @_compile_node.register(tirx.Ramp)
    def _ramp(self, expr: Any) -> Code:
        numbers = steps(int(expr.lanes))
        base, stride = self.compile(expr.base), self.compile(expr.stride)
        return combine(to(self.element(expr).dtype), combine(lambda b, s: b + numbers * s, base, stride))

    @_compile_node.register(tirx.Shuffle)
    def _shuffle(self, expr: Any) -> Code:
        """Elements of vectors chosen by constant numbers; also how vectors are put together."""
        vectors = [self.compile(v) for v in expr.vectors]
        widths = [self.element(v).width for v in expr.vectors]
        chosen = [int(i) for i in expr.indices]

        def gather(*values: Any) -> np.ndarray:
            parts = [vector(v, w) for v, w in zip(values, widths, strict=True)]
            shape = np.broadcast_shapes(*(p.shape[1:] for p in parts))
            joined = np.concatenate([np.broadcast_to(p, (len(p), *shape)) for p in parts])
            return joined[chosen] if len(chosen) > 1 else joined[chosen[0]]

        return combine(gather, *vectors)

    @_compile_node.register(tirx.Not)
    def _not(self, expr: Any) -> Code:
        return combine(np.logical_not, self.compile(expr.a))

    @_compile_node.register(tirx.And)
    def _and(self, expr: Any) -> Code:
        return self._short_circuit(expr, stop_at=False)

    @_compile_node.register(tirx.Or)
    def _or(self, expr: Any) -> Code:
        return self._short_circuit(expr, stop_at=True)

    def _short_circuit(self, expr: Any, stop_at: bool) -> Code:
        """``and`` / ``or``: the second operand runs only in lanes that the first has not decided."""
        left = self.compile(expr.a)
        right, flops = self._arm(expr.b)
        join = np.logical_or if stop_at else np.logical_and
        if right.pure:
            self.flops += flops
            return combine(join, left, right)

        row = self.row

        def run() -> Any:
            first = left.run()
            return join(first, self._under(row, first != stop_at, right, stop_at, flops))

        return Code(run, left.cells | right.cells, True, pure=False)

    @_compile_node.register(tirx.Select)
    def _select(self, expr: Any) -> Code:
        parts = (expr.condition, expr.true_value, expr.false_value)
        return combine(choose(self.element(expr).dtype), *(self.compile(p) for p in parts))

    @_compile_node.register(tirx.Let)
    def _let(self, expr: Any) -> Code:
        """The value is computed once, wherever and however often the body uses it."""
        value = self.compile(expr.value)
        if value.pure:
            self.scope[expr.var] = value
            return self.compile(expr.body)
        machine, kept = self.machine, Cell()
        undefined: list[np.ndarray | None] = [None]

        def use() -> Any:
            machine.taint(undefined[0])
            return kept.value

        self.scope[expr.var] = Code(use, by_lane=True, pure=False)
        body = self.compile(expr.body)

        def run() -> Any:
            before, machine.tainted = machine.tainted, None
            kept.value = value.run()
            undefined[0], machine.tainted = machine.tainted, before
            return body.run()

        return Code(run, by_lane=True, pure=False)

    @_compile_node.register(ir.Call)
    def _call(self, expr: Any) -> Code:
        name = call_name(expr)
        if name == "if_then_else":
            return self._if_then_else(expr)
        if name == "reinterpret":
            same_bits = reinterpret(self.element(expr.args[0]), self.element(expr))
            return combine(same_bits, self.compile(expr.args[0]))
        function = str(expr.args[0].value) if name.startswith("call_") else name
        if function in self.special:
            return self.special[function](expr)
        if name in BITS:
            bits = bit_function(name, self.element(expr.args[0]).dtype)
            return combine(to(self.element(expr).dtype), combine(bits, self.compile(expr.args[0])))
        if name == "call_pure_extern" and function in EXTERN:
            return self._extern(expr, *EXTERN[function])
        if name not in CALLS:
            named = f" {expr.args[0]}" if name.startswith("call_") else ""
            raise self.unsupported(Text(f"call of {name}{named}", f"对 {name}{named} 的调用"))
        element = self.element(expr)
        if element.is_float and name not in FREE_CALLS:
            self.flops += element.width * COSTS.get(name, 1)
        return combine(to(element.dtype), combine(plain(name, CALLS[name]), *(self.compile(a) for a in expr.args)))

    def _extern(self, expr: Any, function: Callable, is_known: Callable[..., bool]) -> Code:
        name, *arguments = expr.args
        elements = [self.element(a) for a in arguments]
        if not is_known(*elements):
            of = f"{name.value}({', '.join(str(a.ty) for a in arguments)})"
            raise self.unsupported(Text(f"call of {of}", f"对 {of} 的调用"))
        extern = _of_vectors(function, [e.width for e in elements])
        return combine(to(self.element(expr).dtype), combine(extern, *(self.compile(a) for a in arguments)))

    def _if_then_else(self, expr: Any) -> Code:
        """Each arm runs, loads and counts only in the lanes that choose it."""
        condition = self.compile(expr.args[0])
        arms = [self._arm(a) for a in expr.args[1:]]
        if all(arm.pure for arm, _ in arms):
            return combine(choose(self.element(expr).dtype), condition, *(arm for arm, _ in arms))

        row, dtype = self.row, self.element(expr).dtype

        def run() -> Any:
            chosen = condition.run()
            one = self._under(row, chosen, arms[0][0], 0, arms[0][1])
            other = self._under(row, np.logical_not(chosen), arms[1][0], 0, arms[1][1])
            return np.where(chosen, one, other).astype(dtype, copy=False)

        return Code(run, by_lane=True, pure=False)

    def _arm(self, expr: Any) -> tuple[Code, int]:
        before, self.flops = self.flops, 0
        code = self.compile(expr)
        flops, self.flops = self.flops, before
        return code, flops

    def _under(self, row: Row, condition: Any, code: Code, otherwise: Any, flops: int = 0) -> Any:
        """The value of ``code`` computed in lanes where ``condition`` holds, ``otherwise`` if in none."""
        machine = self.machine
        before = machine.mask
        array = np.asarray(condition)
        machine.mask = before.meet(machine.lanes.mask(array.reshape((1,) * (6 - array.ndim) + array.shape)))
        try:
            if machine.mask.empty:
                return otherwise
            if flops:
                row.events["flops", machine.mask] += flops
            return code.run()
        finally:
            machine.mask = before

    @_compile_node.register(ir.TensorLoad)
    def _tensorload(self, expr: Any) -> Code:
        memory = self.machine.memory(expr.source)
        by_element = not loads_whole(self.machine, expr)
        access = Access(self.machine, self.row, memory, "load", by_element=by_element)
        offset, pattern = index(self, expr.source, expr.indices)

        def run() -> Any:
            low, places = pattern()
            return access.load(offset() + low, places)

        return Code(run, by_lane=True, pure=False)


def _of_vectors(function: Callable, widths: list[int]) -> Callable:
    """``function`` of values of which those wider than 1 have the vector axis, whatever lanes agree on."""
    return lambda *values: function(*(vector(v, w) if w > 1 else v for v, w in zip(values, widths, strict=True)))
