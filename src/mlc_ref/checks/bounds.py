"""Whether a tensor program writes outside its buffers: seen before it runs, as such a write can end the process."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import tvm_ffi
from tvm import tirx
from tvm.s_tir import SBlockRealize

from mlc_ref.checks.failure import CheckFailure
from mlc_ref.checks.index_math import evaluate
from mlc_ref.language import Text

MAX_POINTS = 200_000
_HINT = Text(
    "Compare each index of the write with its loop: a loop must not run further than the size of its dimension.",
    "把写入的每个下标与它的循环对照：循环的次数不能超过该维度的长度。",
)


def writes_in_bounds(func: tirx.PrimFunc, arguments: Sequence[Any]) -> None:
    """Every write of the program, for arguments of these shapes, falls inside its buffer.

    Writes whose indices or conditions cannot be enumerated (values read from memory, vectors, more than
    ``MAX_POINTS`` iterations) are not judged.

    Args:
        arguments: for each parameter the shape of the array passed, or a number.

    Raises:
        CheckFailure: naming the buffer, the dimension and the index.
    """
    sizes: dict = {}
    for param, argument in zip(func.params, arguments, strict=False):
        if isinstance(argument, int | np.integer):
            sizes[param] = int(argument)
        elif isinstance(argument, tuple) and isinstance(param, tirx.Buffer):
            dims = zip(param.shape, argument, strict=False)
            sizes.update((dim, int(size)) for dim, size in dims if isinstance(dim, tirx.Var))
    # What encloses the statement visited, outermost first: loops, blocks, conditions.
    around: list[Any] = []
    # Judged afterwards: an exception does not come through the visitor as it was.
    stores: list[tuple[tirx.BufferStore, list[Any]]] = []

    def enter(frame: Any, body: Any, visitor: Any) -> None:
        around.append(frame)
        visitor.visit(body)
        around.pop()

    def at_if(branch: tirx.IfThenElse, visitor: Any) -> None:
        enter(branch.condition, branch.then_case, visitor)
        if branch.else_case is not None:
            enter(tirx.Not(branch.condition), branch.else_case, visitor)

    tvm_ffi.structural_visit(func.body, [
        (tirx.For, lambda loop, visitor: enter(loop, loop.body, visitor)),
        (SBlockRealize, lambda realize, visitor: enter(realize, realize.block.body, visitor)),
        (tirx.IfThenElse, at_if),
        (tirx.BufferStore, lambda store, _visitor: stores.append((store, list(around)))),
    ])  # fmt: skip
    for store, enclosing in stores:
        _judge(store, enclosing, sizes)


def _judge(store: tirx.BufferStore, around: list[Any], sizes: dict) -> None:
    try:
        kept, bindings = _iterations(around, sizes)
        indices = [np.broadcast_to(evaluate(index, bindings), kept.shape)[kept] for index in store.indices]
        shape = [int(evaluate(size, sizes)) for size in store.buffer.shape]
    except (ValueError, TypeError, IndexError, ZeroDivisionError, OverflowError):
        return
    for dimension, (values, size) in enumerate(zip(indices, shape, strict=True)):
        outside = values[(values < 0) | (values >= size)]
        if outside.size:
            name = store.buffer.name
            wanted = Text(f"writes inside {name} {tuple(shape)}", f"写入都在 {name} {tuple(shape)} 之内")
            found = Text(f"index {outside[0]} in dimension {dimension}", f"第 {dimension} 维的下标 {outside[0]}")
            raise CheckFailure(expected=wanted, found=found, where=_place(around), hint=_HINT)


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
