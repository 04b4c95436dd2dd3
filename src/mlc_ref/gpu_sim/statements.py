"""Statements become closures that run for all lanes at once.

Branches and loops whose condition every lane agrees on are Python's own. Otherwise the statement runs
under a mask: first the lanes that take a branch, then the others; a loop goes on while a lane remains.
"""

from collections.abc import Callable
from functools import singledispatchmethod
from typing import Any

import numpy as np
from tvm import tirx

from mlc_ref.gpu_sim.access import Access
from mlc_ref.gpu_sim.atomics import atomic, atomic_name
from mlc_ref.gpu_sim.codes import Cell, Code, combine, fixed
from mlc_ref.gpu_sim.copies import GROUPS, copy, group
from mlc_ref.gpu_sim.expressions import Expressions
from mlc_ref.gpu_sim.generated_accesses import stores_what_it_loads
from mlc_ref.gpu_sim.indexing import buffer_size, index
from mlc_ref.gpu_sim.indexing import condition as condition_of
from mlc_ref.gpu_sim.loops import masked_loop, uniform_loop, while_loop
from mlc_ref.gpu_sim.machine import Machine
from mlc_ref.gpu_sim.memory import Memory
from mlc_ref.gpu_sim.pointers import buffer_of, call_name, seen_as
from mlc_ref.gpu_sim.registers import MATRIX_CALLS
from mlc_ref.gpu_sim.rows import Row
from mlc_ref.gpu_sim.warps import warp_functions
from mlc_ref.language import Text

Run = Callable[[], None]

_SERIAL, _UNROLLED = 0, 3
_HARMLESS = (
    *("fragment_shape", "fragment_layout", "reduce_scope", "volatile_scope", "storage_alignment", "realize_scope"),
    "async_scope",  # where the code generator issues no asynchronous copy, it stores as ever
)


class Statements:
    """Compiles the body of a kernel for one machine."""

    def __init__(self, machine: Machine, expressions: Expressions):
        self.machine = machine
        self.expressions = expressions
        expressions.special.update(warp_functions(machine, expressions))

    def compile(self, stmt: Any) -> Run:
        """The closure of a statement.

        Raises:
            Unsupported: naming the node and where it stands.
        """
        return self._compile_node(stmt)

    @singledispatchmethod
    def _compile_node(self, stmt: Any) -> Run:
        self._start(stmt)
        kind = type(stmt).__name__
        raise self.expressions.unsupported(Text(f"statement {kind}", f"语句 {kind}"))

    def _start(self, stmt: Any) -> Row:
        """Begin a row of the table; what is compiled next belongs to it."""
        row = self.expressions.row = self.machine.row(stmt)
        self.expressions.flops = 0
        return row

    @_compile_node.register(tirx.SeqStmt)
    def _seqstmt(self, stmt: Any) -> Run:
        runs = [self.compile(s) for s in stmt.seq]

        def run() -> None:
            for one in runs:
                one()

        return run

    @_compile_node.register(tirx.AttrStmt)
    def _attrstmt(self, stmt: Any) -> Run:
        key = stmt.attr_key
        if key == "thread_extent":
            self.expressions.scope[stmt.node.var] = self._coordinate(stmt.node)
        elif key in ("async_commit_queue_scope", "async_wait_queue_scope"):
            self.machine.rows.remove(self._start(stmt))
            return group(self.machine, self.expressions, stmt, self.compile)
        elif key not in _HARMLESS and not key.startswith("pragma_"):
            self._start(stmt)
            raise self.expressions.unsupported(Text(f"attribute {key}", f"属性 {key}"))
        return self.compile(stmt.body)

    def _coordinate(self, node: Any) -> Code:
        array = self.machine.lanes.coordinate(node.thread_tag).astype(self.expressions.element(node.var).dtype)
        return Code(lambda: array, by_lane=True)

    @_compile_node.register(tirx.AllocBuffer)
    def _allocbuffer(self, stmt: Any) -> Run:
        row = self._start(stmt)
        buffer, element = stmt.buffer, self.expressions.element(stmt.buffer)
        self.machine.rows.remove(row)
        size = buffer_size(self.expressions, buffer)
        scope = buffer.ty.storage_scope or "global"
        lanes = self.machine.lanes
        self.machine.memories[buffer] = Memory.allocate(buffer.name, scope, element.dtype, size, lanes)
        return _nothing

    @_compile_node.register(tirx.DeclBuffer)
    def _declbuffer(self, stmt: Any) -> Run:
        row = self._start(stmt)
        buffer, element = stmt.buffer, self.expressions.element(stmt.buffer)
        memory, size = self.machine.memory(buffer_of(stmt.data)), buffer_size(self.expressions, buffer)
        memory = seen_as(self.expressions, memory, element, size, buffer.name)
        self.machine.memories[buffer] = memory
        self.machine.rows.remove(row)
        return _nothing

    @_compile_node.register(tirx.Bind)
    def _bind(self, stmt: Any) -> Run:
        row = self._start(stmt)
        code = self.expressions.compile(stmt.value)
        if code.pure:
            self.machine.rows.remove(row)
            self.machine.bindings[stmt.var] = stmt.value
            self.expressions.scope[stmt.var] = code
            return _nothing
        cell = Cell()
        self.expressions.scope[stmt.var] = Code(lambda: cell.value, by_lane=True, pure=False)
        flops = self.expressions.flops

        def run() -> None:
            self._enter(row, flops)
            value = code.run()
            self.machine.require_defined()
            cell.value = np.array(value)

        return run

    def _enter(self, row: Row, flops: int) -> None:
        self.machine.step(row)
        self.machine.count_flops(row, flops)

    @_compile_node.register(tirx.BufferStore)
    def _bufferstore(self, stmt: Any) -> Run:
        if stores_what_it_loads(self.machine, stmt):
            return _nothing  # Code generation's own StmtSimplify drops it, so that no kernel makes this access.
        row, machine = self._start(stmt), self.machine
        value = self.expressions.compile(stmt.value).run
        access = Access(machine, row, machine.memory(stmt.buffer), "store")
        offset, pattern = index(self.expressions, stmt.buffer, stmt.indices)
        flops = self.expressions.flops

        def run() -> None:
            self._enter(row, flops)
            result = value()
            low, places = pattern()
            access.store(offset() + low, places, result)

        return run

    @_compile_node.register(tirx.Evaluate)
    def _evaluate(self, stmt: Any) -> Run:
        row = self._start(stmt)
        value = stmt.value
        name = call_name(value)
        if name == "tvm_storage_sync":
            return self._barrier(row, value)
        if name == "s_tir.cp_async_raw":
            return self._stepped(row, copy(self.machine, self.expressions, row, value))
        if name in GROUPS:
            return self._stepped(row, GROUPS[name](self.machine, self.expressions, value))
        if name in MATRIX_CALLS:
            run_matrix = MATRIX_CALLS[name](self.machine, self.expressions, row, value)
            return self._stepped(row, run_matrix)
        if atomic_name(value):
            return self._stepped(row, atomic(self.machine, self.expressions, value, wanted=False).run)
        code = self.expressions.compile(value)
        if code.pure:
            self.machine.rows.remove(row)
            return _nothing
        return self._stepped(row, code.run)

    def _stepped(self, row: Row, action: Callable[[], Any]) -> Run:
        flops = self.expressions.flops

        def run() -> None:
            self._enter(row, flops)
            action()
            self.machine.require_defined()

        return run

    def _barrier(self, row: Row, call: Any) -> Run:
        scope = call.args[0].value
        if scope == "warp":
            return _nothing  # Lock-step threads of a warp are always together.
        if scope not in ("shared", "shared.dyn"):
            raise self.expressions.unsupported(Text(f"barrier of scope {scope}", f"存储作用域为 {scope} 的屏障"))
        return self._stepped(row, lambda: self.machine.barrier(row))

    @_compile_node.register(tirx.For)
    def _for(self, stmt: Any) -> Run:
        row = self._start(stmt)
        if int(stmt.kind) not in (_SERIAL, _UNROLLED):
            raise self.expressions.unsupported(Text(f"loop of kind {stmt.kind}", f"类型为 {stmt.kind} 的循环"))
        low, extent = self.expressions.compile(stmt.min), self.expressions.compile(stmt.extent)
        step = self._step(stmt, row)
        cell = Cell()
        if low.uniform:
            self.expressions.scope[stmt.loop_var] = Code(lambda: cell.value, frozenset((cell,)))
        else:
            self.expressions.scope[stmt.loop_var] = Code(lambda: cell.value, by_lane=True, pure=False)
        flops = self.expressions.flops
        body = self.compile(stmt.body)
        if low.uniform and extent.uniform:
            self.machine.rows.remove(row)
            return uniform_loop(self.machine, row, cell, (low, extent, step), body)
        return masked_loop(self.machine, row, flops, cell, (low, extent, step), body)

    def _step(self, stmt: Any, row: Row) -> Code:
        """The step of a loop, which may depend on the loops around it."""
        step = fixed(1) if stmt.step is None else self.expressions.compile(stmt.step)

        def positive(width: int) -> int:
            if width < 1:
                self.expressions.row = row
                raise self.expressions.unsupported(Text(f"a loop whose step is {width}", f"步长为 {width} 的循环"))
            return width

        if not step.uniform:
            raise self.expressions.unsupported(
                Text(
                    f"a loop whose step {stmt.step} may differ between threads",
                    f"各线程步长 {stmt.step} 可能不同的循环",
                )
            )
        return combine(positive, step)

    @_compile_node.register(tirx.While)
    def _while(self, stmt: Any) -> Run:
        row = self._start(stmt)
        condition = self.expressions.compile(stmt.condition)
        flops = self.expressions.flops
        return while_loop(self.machine, row, flops, condition, self.compile(stmt.body))

    @_compile_node.register(tirx.IfThenElse)
    def _ifthenelse(self, stmt: Any) -> Run:
        row, machine = self._start(stmt), self.machine
        uniform = self.expressions.compile(stmt.condition)
        condition = condition_of(self.expressions, uniform)
        flops = self.expressions.flops
        then = self.compile(stmt.then_case)
        other = self.compile(stmt.else_case) if stmt.else_case is not None else None
        if uniform.uniform:
            self.machine.rows.remove(row)
            return self._uniform_branch(uniform, then, other or _nothing)

        def run() -> None:
            self._enter(row, flops)
            before, chosen = machine.mask, condition()
            machine.mask = before.meet(chosen)
            machine.branch(row, before, machine.mask)
            if not machine.mask.empty:
                then()
            if other is not None:
                machine.mask = before.meet(chosen.inverse)
                if not machine.mask.empty:
                    other()
            machine.mask = before

        return run

    def _uniform_branch(self, condition: Code, then: Run, other: Run) -> Run:
        def run() -> None:
            if condition.run():
                then()
            else:
                other()

        return run


def _nothing() -> None:
    """A declaration: nothing to run."""
