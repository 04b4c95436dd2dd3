"""Softmax and layer normalization: all steps of a few rows together, so that a row is read from memory once."""

import tvm
from tvm import tirx
from tvm.s_tir import Schedule
from tvm.s_tir.schedule import LoopRV, SBlockRV

from mlc_ref.kinds import invalid, takes
from mlc_ref.schedules.kernels.prefetch import READ, WRITE, at_start_of, prefetch
from mlc_ref.schedules.tiles import vector_lanes
from mlc_ref.targets import CpuFeatures, cpu_features


@takes("IRModule")
def by_rows(mod: tvm.IRModule, features: CpuFeatures | None = None, *, rows: int = 2) -> Schedule:
    """Fuse all steps over a few rows, share the rows out among the threads, and vectorize along them.

    A sum or maximum of a row is kept in ``lanes`` partial ones (``rfactor``), which are combined at the end; several
    rows are reduced side by side, so that one does not wait for the other's addition.

    The first step over a row waits for memory and the others compute on what is in the cache, so memory would idle
    in turn. So the second step over a row fetches the next task's rows of ``X`` and this task's of ``Y``; if it is a
    short one, a sum, the first step fetches the latter.

    Before::

        for i, j: top[i] = max(top[i], X[i, j])
        for i, j: E[i, j] = exp(X[i, j] - top[i])
        for i, j: total[i] += E[i, j]
        for i, j: Y[i, j] = E[i, j] / total[i]

    After::

        for i0 in parallel:
            for j0, i1 in unrolled(rows): for j1 in vectorized(lanes): part[i1, j1] = max(part[i1, j1], X[i, j])
            for i1, j1: top[i] = max(top[i], part[i1, j1])
            for i1, j0: prefetch X[i + rows, j0 * lanes], Y[i, j0 * lanes]; for j1 in vectorized(lanes): E[i, j] = …
            …
            for i1, j0: for j1 in vectorized(lanes): Y[i, j] = E[i, j] / total[i]

    Args:
        mod: ``programs.softmax`` or ``programs.layer_norm``, or a like chain of steps over rows that ends in ``Y``.
        rows: rows of a step; one row at a time where the height is no multiple of it. Rows whose length is a power of
            two compete for the same places in the first cache, so many of them are slower than two.

    Raises:
        ValueError: the row length is no multiple of the vector's lanes, or fewer than two steps go over every element.
    """
    sch = Schedule(mod)
    lanes = vector_lanes(features or cpu_features())
    i, j = sch.get_loops("Y")
    height, length = int(sch.get(i).extent), int(sch.get(j).extent)
    if length % lanes:
        raise invalid(
            f"row: got {length} elements, allowed multiples of the {lanes} lanes of a vector",
            f"一行：得到 {length} 个元素，允许的是向量通道数 {lanes} 的倍数",
        )
    rows = rows if height % rows == 0 else 1
    names = [str(sch.get(block).name_hint) for block in sch.get_child_blocks(sch.get_sblock("root"))]
    walks = {name for name in names if len(sch.get_loops(name)) == 2}  # steps over every element
    if len(walks) < 2:
        raise invalid(
            f"steps over every element: got {', '.join(walks)}, allowed two or more that share a row",
            f"遍历全部元素的步骤：得到 {', '.join(walks)}，允许的是两个或更多共用一行的步骤",
        )
    task, inner = sch.split(i, [None, rows])
    sch.parallel(task)
    sch.unroll(inner)
    sch.vectorize(sch.split(j, [None, lanes])[1])
    partial = {name: _split_in_lanes(sch, name, lanes) for name in names[:-1] if _is_sum(sch, name)}
    for name in reversed(names[:-1]):
        sch.compute_at(name, task, preserve_unit_loops=True)
        if name in partial:
            _combine(sch, name)
            _reduce_in_lanes(sch, partial[name], task)
        else:
            row, *columns = sch.get_loops(name)[1:]
            sch.unroll(row)
            for j in columns:
                sch.vectorize(sch.split(j, [None, lanes])[1])
    first, second, *_ = (name for name in names if name in walks)
    sch = _fetch(sch, second, rows, lanes, second in partial, intent=READ)
    earlier = first if second in partial else second  # a sum is too short to wait for both
    return _fetch(sch, earlier, rows, lanes, earlier in partial, intent=WRITE)


def _fetch(sch: Schedule, name: str, rows: int, lanes: int, is_sum: bool, *, intent: int) -> Schedule:
    """While a step runs, fetch the same places of the next task's rows of the input, or of its own of the result.

    Args:
        is_sum: whether the step has partial sums; the loop along a row then stands outside of that over the rows.
        intent: ``READ`` for the input, ``WRITE`` for the result.
    """
    loops = sch.get_loops(f"{name}_rf_update" if is_sum else name)
    task, outer, inner = (sch.get(loop).loop_var for loop in loops[:-1])
    row, step = (inner, outer) if is_sum else (outer, inner)
    source, *_, result = sch.mod["main"].params
    here = task * rows + row
    there = tirx.min(here + rows, source.shape[0] - 1)
    buffer, index = (source, there) if intent == READ else (result, here)
    return at_start_of(sch, loops[-2], [prefetch(tirx.BufferLoad(buffer, [index, step * lanes]), intent)])


def _is_sum(sch: Schedule, name: str) -> bool:
    return sch.get(sch.get_sblock(name)).init is not None


def _split_in_lanes(sch: Schedule, name: str, lanes: int) -> SBlockRV:
    """The block that makes ``lanes`` partial results of each row; ``name`` combines them from now on."""
    _j0, j1 = sch.split(sch.get_loops(name)[-1], [None, lanes])
    return sch.rfactor(j1, 1)


def _reduce_in_lanes(sch: Schedule, part: SBlockRV, task: LoopRV) -> None:
    sch.compute_at(part, task, preserve_unit_loops=True)
    sch.set_scope(part, 0, "local")
    lane, row, step = sch.get_loops(part)[-3:]
    sch.reorder(step, row, lane)
    sch.unroll(row)
    sch.vectorize(lane)
    zero = sch.decompose_reduction(part, step)
    sch.unroll(sch.get_loops(zero)[-2])


def _combine(sch: Schedule, name: str) -> None:
    """One row's lanes after the other's, the loops written out: the partial results stay in registers."""
    lane, row = sch.get_loops(name)[-2:]
    sch.reorder(row, lane)
    sch.decompose_reduction(name, lane)
    for loop in (row, lane):
        sch.unroll(loop)
