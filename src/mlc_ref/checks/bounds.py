"""Whether a tensor program reads or writes outside its buffers: seen before it runs.

Such a write can end the process; what such a read gives is chance.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import tvm_ffi
from tvm import tirx
from tvm.ir import Call, Op, TensorLoad
from tvm.s_tir import SBlockRealize

from mlc_ref.checks.failure import CheckFailure
from mlc_ref.checks.index_math import evaluate
from mlc_ref.language import Text

MAX_POINTS = 200_000
_HINT = Text(
    "Compare each index of the write with its loop: a loop must not run further than the size of its dimension.",
    "把写入的每个下标与它的循环对照：循环的次数不能超过该维度的长度。",
)
_READ_HINT = Text(
    "Compare each index of the read with its loop. Where the index leaves the buffer there is no value: whatever lies "
    "in memory beside it is read.",
    "把读取的每个下标与它的循环对照。下标超出缓冲区的地方没有值：读到的是内存中恰好在旁边的内容。",
)


@dataclass(frozen=True)
class _Access:
    """One load or store, and what encloses it, outermost first: loops, blocks, conditions."""

    buffer: Any
    indices: Sequence[Any]
    around: list[Any]
    write: bool


def writes_in_bounds(func: tirx.PrimFunc, arguments: Sequence[Any]) -> None:
    """Every write of the program falls inside its buffer; see ``accesses_in_bounds``."""
    _in_bounds(func, arguments, reads=False)


def accesses_in_bounds(func: tirx.PrimFunc, arguments: Sequence[Any]) -> None:
    """Every read and write of the program, for arguments of these shapes, falls inside its buffer.

    Those whose indices or conditions cannot be enumerated (values read from memory, vectors, more than
    ``MAX_POINTS`` iterations) are not judged. What a condition keeps from being used (``T.if_then_else``,
    ``T.Select``, ``if``, ``and``) counts as not read.

    Args:
        arguments: for each parameter the shape of the array passed, or a number.

    Raises:
        CheckFailure: naming the buffer, the dimension and the index.
    """
    _in_bounds(func, arguments, reads=True)


def _in_bounds(func: tirx.PrimFunc, arguments: Sequence[Any], *, reads: bool) -> None:
    sizes: dict = {}
    for param, argument in zip(func.params, arguments, strict=False):
        if isinstance(argument, int | np.integer):
            sizes[param] = int(argument)
        elif isinstance(argument, tuple) and tirx.is_buffer_var(param):
            dims = zip(param.shape, argument, strict=False)
            sizes.update((dim, int(size)) for dim, size in dims if isinstance(dim, tirx.Var))
    found = _accesses(func)
    # Judged afterwards: an exception does not come through the visitor as it was.
    for access in sorted(found, key=lambda each: not each.write):
        if access.write or reads:
            _judge(access, sizes)


def _accesses(func: tirx.PrimFunc) -> list[_Access]:
    around: list[Any] = []
    found: list[_Access] = []

    def enter(frame: Any, bodies: Sequence[Any], visitor: Any) -> None:
        around.append(frame)
        for body in bodies:
            if body is not None:
                visitor.visit(body)
        around.pop()

    def either(condition: Any, then: Any, otherwise: Any, visitor: Any) -> None:
        visitor.visit(condition)
        enter(condition, [then], visitor)
        enter(tirx.Not(condition), [otherwise], visitor)

    def at_call(call: Call, visitor: Any) -> None:
        if isinstance(call.op, Op) and call.op.name == "prim.if_then_else":
            either(call.args[0], call.args[1], call.args[2], visitor)
        else:
            for argument in call.args:
                visitor.visit(argument)

    def at_both(both: tirx.And, visitor: Any) -> None:
        visitor.visit(both.a)
        enter(both.a, [both.b], visitor)

    def at_load(load: TensorLoad, visitor: Any) -> None:
        found.append(_Access(load.source, load.indices, list(around), write=False))
        for index in load.indices:
            visitor.visit(index)

    def at_store(store: tirx.BufferStore, visitor: Any) -> None:
        found.append(_Access(store.buffer, store.indices, list(around), write=True))
        for each in (store.value, *store.indices):
            visitor.visit(each)

    tvm_ffi.structural_visit(func.body, [
        (tirx.For, lambda loop, visitor: enter(loop, [loop.body], visitor)),
        (SBlockRealize, lambda realize, visitor: enter(realize, [realize.block.init, realize.block.body], visitor)),
        (tirx.IfThenElse, lambda if_, visitor: either(if_.condition, if_.then_case, if_.else_case, visitor)),
        (tirx.Select, lambda one, visitor: either(one.condition, one.true_value, one.false_value, visitor)),
        (tirx.And, at_both),
        (Call, at_call),
        (TensorLoad, at_load),
        (tirx.BufferStore, at_store),
    ])  # fmt: skip
    return found


def _judge(access: _Access, sizes: dict) -> None:
    try:
        kept, bindings = _iterations(access.around, sizes)
        indices = [np.broadcast_to(evaluate(index, bindings), kept.shape)[kept] for index in access.indices]
        shape = [int(evaluate(size, sizes)) for size in access.buffer.shape]
    except (ValueError, TypeError, IndexError, ZeroDivisionError, OverflowError):
        return
    for dimension, (values, size) in enumerate(zip(indices, shape, strict=True)):
        outside = values[(values < 0) | (values >= size)]
        if outside.size:
            kind, kind_zh, hint = ("writes", "写入", _HINT) if access.write else ("reads", "读取", _READ_HINT)
            name = access.buffer.name
            wanted = Text(f"{kind} inside {name} {tuple(shape)}", f"{kind_zh}都在 {name} {tuple(shape)} 之内")
            found = Text(f"index {outside[0]} in dimension {dimension}", f"第 {dimension} 维的下标 {outside[0]}")
            raise CheckFailure(expected=wanted, found=found, where=_place(access.around), hint=hint)


def _iterations(around: list[Any], sizes: dict) -> tuple[np.ndarray, dict]:
    """Which iterations of the loops reach a statement, and the value of each variable at every iteration."""
    loops = [frame for frame in around if isinstance(frame, tirx.For)]
    extents = [int(evaluate(loop.extent, sizes)) for loop in loops]
    total = math.prod(extents)
    if total > MAX_POINTS:
        raise ValueError(f"{total} iterations")
    steps = iter(np.indices(extents).reshape(len(extents), total))
    kept, bindings = np.full(total, True), dict(sizes)
    for frame in around:
        if isinstance(frame, tirx.For):
            bindings[frame.loop_var] = evaluate(frame.min, bindings) + next(steps)
        elif isinstance(frame, SBlockRealize):
            kept = kept & np.asarray(evaluate(frame.predicate, bindings), dtype=bool)
            values = [evaluate(value, bindings) for value in frame.iter_values]
            bindings.update(zip((axis.var for axis in frame.block.iter_vars), values, strict=True))
        else:
            kept = kept & np.asarray(evaluate(frame, bindings), dtype=bool)
    return kept, bindings


def _place(around: list[Any]) -> Text | None:
    blocks = [frame.block.name_hint for frame in around if isinstance(frame, SBlockRealize)]
    return Text(f"block {blocks[-1]!r}", f"块 {blocks[-1]!r}") if blocks else None
