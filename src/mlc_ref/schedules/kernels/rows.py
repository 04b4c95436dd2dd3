"""Softmax and layer normalisation: all steps of a few rows together, so that a row is read from memory once."""

import tvm
from tvm.s_tir import Schedule

from mlc_ref.schedules.tiles import vector_lanes
from mlc_ref.targets import CpuFeatures, cpu_features


def by_rows(mod: tvm.IRModule, features: CpuFeatures | None = None, *, rows: int = 4) -> Schedule:
    """Fuse all steps over a few rows, share the rows out among the threads, and vectorise along them.

    A sum or maximum of a row is kept in ``lanes`` partial ones (``rfactor``), which are combined at the end; several
    rows are reduced side by side, so that one does not wait for the other's addition.

    Before::

        for i, j: top[i] = max(top[i], X[i, j])
        for i, j: E[i, j] = exp(X[i, j] - top[i])
        for i, j: total[i] += E[i, j]
        for i, j: Y[i, j] = E[i, j] / total[i]

    After::

        for i0 in parallel:
            for j0, i1 in unrolled(rows): for j1 in vectorized(lanes): part[i1, j1] = max(part[i1, j1], X[i, j])
            for i1, j1: top[i] = max(top[i], part[i1, j1])
            …
            for i1, j0: for j1 in vectorized(lanes): Y[i, j] = E[i, j] / total[i]

    Args:
        mod: ``programs.softmax`` or ``programs.layer_norm``, or a like chain of steps over rows that ends in ``Y``.
        rows: rows of a step; one row at a time where the height is no multiple of it.

    Raises:
        ValueError: the row length is no multiple of the vector's lanes.
    """
    sch = Schedule(mod)
    lanes = vector_lanes(features or cpu_features())
    i, j = sch.get_loops("Y")
    height, length = int(sch.get(i).extent), int(sch.get(j).extent)
    if length % lanes:
        raise ValueError(f"row: got {length} elements, allowed multiples of the {lanes} lanes of a vector")
    rows = rows if height % rows == 0 else 1
    names = [str(sch.get(block).name_hint) for block in sch.get_child_blocks(sch.get_sblock("root"))]
    task, inner = sch.split(i, [None, rows])
    sch.parallel(task)
    sch.reorder(inner, j)
    sch.vectorize(sch.split(j, [None, lanes])[1])
    for name in reversed(names[:-1]):
        sch.compute_at(name, task, preserve_unit_loops=True)
        inner, j = sch.get_loops(name)[-2:]
        if sch.get(sch.get_sblock(name)).init is None:
            sch.vectorize(sch.split(j, [None, lanes])[1])
        else:
            _reduce_in_lanes(sch, name, lanes)
    return sch


def _reduce_in_lanes(sch: Schedule, name: str, lanes: int) -> None:
    """Partial results in ``lanes`` lanes of a vector for each row, combined at the end."""
    task, _inner, j = sch.get_loops(name)[-3:]
    _j0, j1 = sch.split(j, [None, lanes])
    part = sch.rfactor(j1, 1)
    sch.compute_at(part, task, preserve_unit_loops=True)
    sch.set_scope(part, 0, "local")
    inner, lane, step = sch.get_loops(part)[-3:]
    sch.reorder(step, inner, lane)
    sch.unroll(inner)
    sch.vectorize(lane)
    sch.decompose_reduction(part, step)
    inner, lane = sch.get_loops(name)[-2:]
    sch.decompose_reduction(name, lane)
