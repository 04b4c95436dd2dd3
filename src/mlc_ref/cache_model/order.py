"""The order in which a program touches memory: every load and store of one run, traced from its loops.

Parallel loops run one iteration after the other. Lanes of a vector and threads of a block can be taken
one after the other, or together, as one access of several elements. Requests to prefetch are no accesses.
"""

import math
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np
from tvm import tirx
from tvm.ir import Call, Op, TensorLoad
from tvm.s_tir import SBlockRealize

from mlc_ref.checks.index_math import constant, evaluate
from mlc_ref.checks.memory import compacted
from mlc_ref.checks.sites import Subject
from mlc_ref.kinds import invalid

REGISTERS = ("local",)
_MOST_ITERATIONS = 5_000_000
_SKIPPED, _SKIPPED_LANE = -1, -2
# An event is one number: buffer, element, and two bits.
_STORE, _JOINED, _ELEMENT = 1, 2, 4
_BUFFER = 1 << 40


@dataclass(frozen=True)
class Order:
    """The accesses of one run.

    Attributes:
        buffers: the buffers touched, in the order of their first use in the program.
        owners: for each access the position of its buffer in ``buffers``, int64.
        elements: for each access the element, counted from the start of its buffer, int64.
        stores: for each access whether it writes.
        joined: for each access whether it happens together with the one before.
    """

    buffers: tuple[tirx.Buffer, ...]
    owners: np.ndarray
    elements: np.ndarray
    stores: np.ndarray
    joined: np.ndarray

    def __len__(self) -> int:
        return len(self.elements)


def access_order(
    subject: Subject, *, registers: Collection[str] = REGISTERS, lockstep: bool = False, entry: str = "main"
) -> Order:
    """Trace one run.

    Args:
        subject: a TensorIR function with fixed sizes; keep it small, a matmul of 64 has a million accesses.
        registers: memory scopes that are left out.
        lockstep: whether the lanes of a vectorized loop, and the threads of a block, make each access together.

    Raises:
        ValueError: too many accesses, a size that is not fixed, or a statement that is no loop, condition or store.
    """
    tracer = _Tracer(frozenset(registers), lockstep)
    events = tracer.statement(compacted(subject, entry=entry).body, {}, ())
    # What happens together has one number, also where a condition left out its first lane.
    together = np.cumsum((events == _SKIPPED) | (events >= 0) & (events & _JOINED == 0))
    events, together = events[events >= 0], together[events >= 0]
    joined = np.diff(together, prepend=-1) == 0
    elements = events % _BUFFER // _ELEMENT
    return Order(tuple(tracer.buffers), events // _BUFFER, elements, (events & _STORE).astype(bool), joined)


class _Tracer:
    """The accesses of a statement for all iterations of the loops around it at once.

    Results have one axis for each enclosing loop and a last one for the accesses of one iteration in
    order; negative numbers mark what a condition left out.
    """

    def __init__(self, registers: frozenset[str], lockstep: bool):
        self.registers = registers
        self.lockstep = lockstep
        self.buffers: list[tirx.Buffer] = []

    def statement(self, stmt: Any, env: dict, shape: tuple[int, ...]) -> np.ndarray:
        if isinstance(stmt, tirx.For):
            return self.loop(stmt, env, shape)
        if isinstance(stmt, SBlockRealize):
            if stmt.block.match_buffers:
                name = stmt.block.name_hint
                raise invalid(
                    f"cache model: block {name} matches buffers, which the model does not know",
                    f"缓存模型：块 {name} 含有 match_buffer，模型不认识它",
                )
            body = self.statement(stmt.block.body, env, shape)
            return _where(evaluate(stmt.predicate, env), body, shape)
        if isinstance(stmt, tirx.SeqStmt):
            return np.concatenate([self.statement(each, env, shape) for each in stmt.seq], axis=-1)
        if isinstance(stmt, tirx.IfThenElse):
            return self.branch(stmt, env, shape)
        if isinstance(stmt, tirx.BufferStore):
            return self.store(stmt, env, shape)
        if isinstance(stmt, tirx.Bind):
            return _in_order(self.loads(stmt.value, env, shape, True), shape)
        if isinstance(stmt, tirx.Evaluate) and (constant(stmt.value) is not None or _is_prefetch(stmt.value)):
            return np.empty((*shape, 0), np.int64)
        if isinstance(stmt, tirx.AttrStmt):
            return self.statement(stmt.body, env, shape)
        raise invalid(
            f"cache model: the model does not know {type(stmt).__name__}", f"缓存模型：模型不认识 {type(stmt).__name__}"
        )

    def loop(self, loop: tirx.For, env: dict, shape: tuple[int, ...]) -> np.ndarray:
        extent = constant(loop.extent)
        if extent is None:
            name = loop.loop_var.name
            raise invalid(
                f"cache model: loop {name} has the extent {loop.extent}, which is not fixed",
                f"缓存模型：循环 {name} 的长度 {loop.extent} 不是固定的数",
            )
        inner = {var: _with_axis(value) for var, value in env.items()}
        inner[loop.loop_var] = _with_axis(evaluate(loop.min, env)) + np.arange(extent)
        if math.prod(shape) * extent > _MOST_ITERATIONS:
            raise invalid(
                f"cache model: more than {_MOST_ITERATIONS} iterations; count a smaller instance",
                f"缓存模型：迭代超过 {_MOST_ITERATIONS} 次；请换一个更小的实例来计数",
            )
        body = self.statement(loop.body, inner, (*shape, extent))
        if self.lockstep and _together(loop):
            later = np.where(body < 0, _SKIPPED_LANE, body | _JOINED)
            body = np.moveaxis(np.where((np.arange(extent) > 0)[:, None], later, body), -2, -1)
        return body.reshape(*shape, -1)

    def branch(self, stmt: tirx.IfThenElse, env: dict, shape: tuple[int, ...]) -> np.ndarray:
        condition = evaluate(stmt.condition, env)
        parts = [_where(condition, self.statement(stmt.then_case, env, shape), shape)]
        if stmt.else_case is not None:
            parts.append(_where(np.logical_not(condition), self.statement(stmt.else_case, env, shape), shape))
        return np.concatenate(parts, axis=-1)

    def store(self, stmt: tirx.BufferStore, env: dict, shape: tuple[int, ...]) -> np.ndarray:
        events = self.loads(stmt.value, env, shape, True)
        if stmt.buffer.scope() not in self.registers:
            events.append(self.access(stmt.buffer, stmt.indices, env, shape) + _STORE)
        return _in_order(events, shape)

    def loads(self, expr: Any, env: dict, shape: tuple[int, ...], runs: Any) -> list[np.ndarray]:
        """Loads in an expression from left to right; those behind ``if_then_else`` only where it takes them."""
        if isinstance(expr, TensorLoad):
            if expr.source.scope() in self.registers:
                return []
            event = self.access(expr.source, expr.indices, env, shape)
            return [np.where(np.broadcast_to(runs, shape), event, _SKIPPED)]
        if isinstance(expr, Call) and isinstance(expr.op, Op) and expr.op.name == "prim.if_then_else":
            condition = evaluate(expr.args[0], env)
            branches = zip(expr.args[1:], (condition, np.logical_not(condition)), strict=True)
            return [e for arg, taken in branches for e in self.loads(arg, env, shape, np.logical_and(runs, taken))]
        return [event for part in operands(expr) for event in self.loads(part, env, shape, runs)]

    def access(self, buffer: tirx.Buffer, indices: Any, env: dict, shape: tuple[int, ...]) -> np.ndarray:
        """The event of loading an element, for every iteration."""
        offset: Any = 0
        for index, size in zip(indices, buffer.shape, strict=True):
            offset = offset * constant(size) + evaluate(index, env)
        event = self.position(buffer) * _BUFFER + np.asarray(offset, np.int64) * _ELEMENT
        return np.broadcast_to(event, shape)

    def position(self, buffer: tirx.Buffer) -> int:
        for i, known in enumerate(self.buffers):
            if known.same_as(buffer):
                return i
        self.buffers.append(buffer)
        return len(self.buffers) - 1


def _together(loop: tirx.For) -> bool:
    """Whether the iterations of a loop are lanes of a vector or threads of a block."""
    binding = loop.thread_binding
    thread = binding is not None and str(binding.thread_tag).startswith("threadIdx")
    return loop.kind == tirx.ForKind.VECTORIZED or thread


def _is_prefetch(value: Any) -> bool:
    return isinstance(value, Call) and isinstance(value.op, Op) and value.op.name == "tirx.prefetch"


def _in_order(events: list[np.ndarray], shape: tuple[int, ...]) -> np.ndarray:
    return np.stack(events, axis=-1) if events else np.empty((*shape, 0), np.int64)


def _with_axis(value: Any) -> Any:
    return value[..., None] if isinstance(value, np.ndarray) and value.ndim else value


def _where(condition: Any, events: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    return np.where(np.broadcast_to(condition, shape)[..., None], events, _SKIPPED)


def operands(expr: tirx.Expr) -> list[tirx.Expr]:
    """The operands of an expression in the order they are evaluated."""
    if isinstance(expr, Call):
        return list(expr.args)
    names = ("a", "b", "value", "condition", "true_value", "false_value")
    return [getattr(expr, name) for name in names if isinstance(getattr(expr, name, None), tirx.Expr)]
