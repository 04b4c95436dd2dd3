"""How many bytes a scheduled program moves, counted on a small cache model.

The model: one cache, fully associative, least recently used line evicted first, lines of 64 bytes. A
store to a line that is not there fetches it first (write-allocate); a changed line is written back when
it is evicted or at the end (write-back). Parallel loops run one iteration after the other; vector lanes
too. Buffers in the scope ``local`` are registers and cost nothing. Buffers start at a line each.

It is a model: exact, the same on every machine, and simple enough to check by hand. Real caches have
several levels, fewer places for a line, and fetch ahead.
"""

import math
from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np
from tvm import tirx
from tvm.ir import Call, Op, TensorLoad
from tvm.s_tir import SBlockRealize

from mlc_ref.checks.index_math import constant, evaluate
from mlc_ref.checks.memory import buffer_bytes, compacted
from mlc_ref.checks.sites import Subject

LINE_BYTES = 64
_MOST_ITERATIONS = 5_000_000
_SKIPPED = -1


@dataclass(frozen=True)
class Traffic:
    """What a program asks of memory.

    Attributes:
        loads, stores: elements the program's text reads and writes, registers left out.
        fetched_bytes: bytes that came into the cache.
        written_bytes: bytes that went back.
    """

    loads: int
    stores: int
    fetched_bytes: int
    written_bytes: int

    @property
    def moved_bytes(self) -> int:
        return self.fetched_bytes + self.written_bytes


def traffic(
    subject: Subject, cache_bytes: int, *, registers: Collection[str] = ("local",), entry: str = "main"
) -> Traffic:
    """Count the traffic of one run.

    Args:
        subject: a TensorIR function with fixed sizes; keep it small, a matmul of 64 has a million accesses.
        cache_bytes: capacity of the cache, at least one line.
        registers: memory scopes that cost nothing.

    Raises:
        ValueError: no room for a line, too many accesses, or a statement the model does not know.
    """
    if cache_bytes < LINE_BYTES:
        raise ValueError(f"cache_bytes: got {cache_bytes}, allowed at least one line of {LINE_BYTES}")
    events = accesses(subject, registers=registers, entry=entry)
    stores = int(np.count_nonzero(events & 1))
    fetched, written = run_cache(events >> 1, (events & 1).astype(bool), cache_bytes // LINE_BYTES)
    return Traffic(events.size - stores, stores, fetched * LINE_BYTES, written * LINE_BYTES)


def accesses(subject: Subject, *, registers: Collection[str] = ("local",), entry: str = "main") -> np.ndarray:
    """Every load and store of one run in order: line number times two, plus one for a store."""
    func = compacted(subject, entry=entry)
    events = _Tracer(frozenset(registers)).statement(func.body, {}, ())
    return events[events != _SKIPPED]


def run_cache(lines: np.ndarray, is_store: np.ndarray, capacity: int) -> tuple[int, int]:
    """Send accesses through a cache.

    Args:
        lines: line number of each access.
        is_store: whether it changes the line.
        capacity: lines the cache holds.

    Returns:
        Lines fetched and lines written back.
    """
    if not lines.size:
        return 0, 0
    starts = np.flatnonzero(np.concatenate([[True], lines[1:] != lines[:-1]]))
    changed = np.logical_or.reduceat(is_store, starts)
    held: OrderedDict[int, bool] = OrderedDict()
    fetched = written = 0
    for line, dirty in zip(lines[starts].tolist(), changed.tolist(), strict=True):
        if line in held:
            held[line] |= dirty
            held.move_to_end(line)
            continue
        fetched += 1
        held[line] = dirty
        if len(held) > capacity:
            written += held.popitem(last=False)[1]
    return fetched, written + sum(held.values())


class _Tracer:
    """The accesses of a statement for all iterations of the loops around it at once.

    Results have one axis for each enclosing loop and a last one for the accesses of one iteration in
    order; ``_SKIPPED`` marks what a condition left out.
    """

    def __init__(self, registers: frozenset[str]):
        self.registers = registers
        self.bases: list[tuple[tirx.Buffer, int]] = []
        self.next_line = 0

    def statement(self, stmt: Any, env: dict, shape: tuple[int, ...]) -> np.ndarray:
        if isinstance(stmt, tirx.For):
            return self.loop(stmt, env, shape)
        if isinstance(stmt, SBlockRealize):
            if stmt.block.match_buffers:
                raise ValueError(
                    f"traffic: block {stmt.block.name_hint} matches buffers, which the model does not know"
                )
            body = self.statement(stmt.block.body, env, shape)
            return _where(evaluate(stmt.predicate, env), body, shape)
        if isinstance(stmt, tirx.SeqStmt):
            return np.concatenate([self.statement(each, env, shape) for each in stmt.seq], axis=-1)
        if isinstance(stmt, tirx.IfThenElse):
            return self.branch(stmt, env, shape)
        if isinstance(stmt, tirx.BufferStore):
            return self.store(stmt, env, shape)
        if isinstance(stmt, tirx.Evaluate) and constant(stmt.value) is not None:
            return np.empty((*shape, 0), np.int64)
        if isinstance(stmt, tirx.AttrStmt):
            return self.statement(stmt.body, env, shape)
        raise ValueError(f"traffic: the model does not know {type(stmt).__name__}")

    def loop(self, loop: tirx.For, env: dict, shape: tuple[int, ...]) -> np.ndarray:
        extent = constant(loop.extent)
        if extent is None:
            raise ValueError(f"traffic: loop {loop.loop_var.name} has the extent {loop.extent}, which is not fixed")
        inner = {var: _with_axis(value) for var, value in env.items()}
        inner[loop.loop_var] = _with_axis(evaluate(loop.min, env)) + np.arange(extent)
        if math.prod(shape) * extent > _MOST_ITERATIONS:
            raise ValueError(f"traffic: more than {_MOST_ITERATIONS} iterations; count a smaller instance")
        body = self.statement(loop.body, inner, (*shape, extent))
        return body.reshape(*shape, extent * body.shape[-1])

    def branch(self, stmt: tirx.IfThenElse, env: dict, shape: tuple[int, ...]) -> np.ndarray:
        condition = evaluate(stmt.condition, env)
        parts = [_where(condition, self.statement(stmt.then_case, env, shape), shape)]
        if stmt.else_case is not None:
            parts.append(_where(np.logical_not(condition), self.statement(stmt.else_case, env, shape), shape))
        return np.concatenate(parts, axis=-1)

    def store(self, stmt: tirx.BufferStore, env: dict, shape: tuple[int, ...]) -> np.ndarray:
        events = self.loads(stmt.value, env, shape, True)
        if stmt.buffer.scope() not in self.registers:
            events.append(self.access(stmt.buffer, stmt.indices, env, shape) + 1)
        return np.stack(events, axis=-1) if events else np.empty((*shape, 0), np.int64)

    def loads(self, expr: Any, env: dict, shape: tuple[int, ...], runs: Any) -> list[np.ndarray]:
        """Loads in an expression from left to right; those behind ``if_then_else`` only where it takes them."""
        if isinstance(expr, TensorLoad):
            if expr.source.scope() in self.registers:
                return []
            line = self.access(expr.source, expr.indices, env, shape)
            return [np.where(np.broadcast_to(runs, shape), line, _SKIPPED)]
        if isinstance(expr, Call) and isinstance(expr.op, Op) and expr.op.name == "prim.if_then_else":
            condition = evaluate(expr.args[0], env)
            branches = zip(expr.args[1:], (condition, np.logical_not(condition)), strict=True)
            return [e for arg, taken in branches for e in self.loads(arg, env, shape, np.logical_and(runs, taken))]
        return [event for part in _operands(expr) for event in self.loads(part, env, shape, runs)]

    def access(self, buffer: tirx.Buffer, indices: Any, env: dict, shape: tuple[int, ...]) -> np.ndarray:
        """Twice the line number of an element, for every iteration."""
        offset: Any = 0
        for index, size in zip(indices, buffer.shape, strict=True):
            offset = offset * constant(size) + evaluate(index, env)
        item = np.dtype(str(buffer.dtype)).itemsize
        lines = self.base(buffer) + offset * item // LINE_BYTES
        return np.broadcast_to(np.asarray(lines, np.int64) * 2, shape)

    def base(self, buffer: tirx.Buffer) -> int:
        """First line of a buffer; buffers lie one behind the other in the order of their first use."""
        for known, line in self.bases:
            if known.same_as(buffer):
                return line
        line = self.next_line
        self.bases.append((buffer, line))
        self.next_line += -(-buffer_bytes(buffer) // LINE_BYTES)
        return line


def _with_axis(value: Any) -> Any:
    return value[..., None] if isinstance(value, np.ndarray) and value.ndim else value


def _where(condition: Any, events: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    return np.where(np.broadcast_to(condition, shape)[..., None], events, _SKIPPED)


def _operands(expr: Any) -> list:
    """The operands of an expression in the order they are evaluated."""
    if isinstance(expr, Call):
        return list(expr.args)
    names = ("a", "b", "value", "condition", "true_value", "false_value")
    return [getattr(expr, name) for name in names if isinstance(getattr(expr, name, None), tirx.Expr)]
