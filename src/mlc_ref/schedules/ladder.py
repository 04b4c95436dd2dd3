"""Matmul from naive to packed: each version adds one idea to the one before.

Every function takes a matmul module (``programs.matmul``) and tiles, and returns a new ``Schedule``;
any sizes are accepted. ``packing.py`` holds the last steps of the ladder. In the loop nests below
``i0:8`` is a loop of 8 iterations and ``C[i, j] += …`` the block; initial values are left out where
they do not matter.
"""

import tvm
from tvm.s_tir import Schedule

from mlc_ref.kinds import takes
from mlc_ref.schedules.packing import blocked, packed, parallel
from mlc_ref.schedules.tiles import Tiles


@takes("IRModule")
def naive(mod: tvm.IRModule, tiles: Tiles) -> Schedule:
    """The program as written: the inner loop walks down a column of ``B``, one cache line an element.

    Before and after::

        for i, j, k: C[i, j] += A[i, k] * B[k, j]
    """
    return Schedule(mod)


@takes("IRModule")
def rows_inside(mod: tvm.IRModule, tiles: Tiles) -> Schedule:
    """Reorder: the inner loop runs along a row of ``B`` and of ``C``, whose elements share cache lines.

    Before::

        for i, j, k: C[i, j] += A[i, k] * B[k, j]

    After::

        for i:
            for j: C[i, j] = 0
            for k, j: C[i, j] += A[i, k] * B[k, j]
    """
    sch = Schedule(mod)
    _i, j, k = sch.get_loops("C")
    sch.reorder(k, j)
    sch.decompose_reduction("C", k)
    return sch


@takes("IRModule")
def tiled(mod: tvm.IRModule, tiles: Tiles) -> Schedule:
    """Split all three loops: a tile of ``C`` meets a tile of ``B`` that is still in the cache.

    Before::

        for i, k, j: C[i, j] += A[i, k] * B[k, j]

    After (``t = 4 * columns``)::

        for i0, j0, k0:
            for i1:t, k1:t, j1:t: C[i, j] += A[i, k] * B[k, j]
    """
    sch = Schedule(mod)
    _tile(sch, tiles)
    _start_before(sch)
    return sch


def _tile(sch: Schedule, tiles: Tiles) -> list:
    side = 4 * tiles.columns
    i, j, k = sch.get_loops("C")
    i0, i1 = sch.split(i, [None, side])
    j0, j1 = sch.split(j, [None, side])
    k0, k1 = sch.split(k, [None, side])
    sch.reorder(i0, j0, k0, i1, k1, j1)
    return [i0, j0, k0, i1, k1, j1]


def _start_before(sch: Schedule) -> None:
    """Set ``C`` to zero tile by tile, before the reduction over its tile begins."""
    sch.decompose_reduction("C", sch.get_loops("C")[2])


@takes("IRModule")
def vectorized(mod: tvm.IRModule, tiles: Tiles) -> Schedule:
    """Vectorize: the inner loop becomes instructions on ``lanes`` elements at a time, written out for a row of the tile.

    Before::

        for …, j1:t: C[i, j] += A[i, k] * B[k, j]

    After::

        for …, j1 in unrolled(t / lanes):
            for j2 in vectorized(lanes): C[i, j] += A[i, k] * B[k, j]
    """
    sch = Schedule(mod)
    j1, j2 = sch.split(_tile(sch, tiles)[-1], [None, tiles.lanes])
    sch.unroll(j1)
    sch.vectorize(j2)
    _start_before(sch)
    return sch


@takes("IRModule")
def register_tiled(mod: tvm.IRModule, tiles: Tiles) -> Schedule:
    """Keep a tile of ``C`` in registers for the whole reduction: one load of ``A`` or ``B`` feeds several sums.

    Before::

        for i, j, k: C[i, j] += A[i, k] * B[k, j]

    After (``rows`` and ``columns`` from the registers there are)::

        for i0, j0:
            acc[rows, columns] = 0
            for k:
                for i1 in unrolled(rows), j1 in unrolled(columns / lanes):
                    for j2 in vectorized(lanes): acc[i1, j] += A[i, k] * B[k, j]
            C[tile] = acc
    """
    sch = Schedule(mod)
    out = sch.cache_write("C", 0, "local")
    i, j = sch.get_loops(out)
    i0, i1 = sch.split(i, [None, tiles.rows])
    j0, j1, j2 = sch.split(j, [None, tiles.columns // tiles.lanes, tiles.lanes])
    sch.reorder(i0, j0, i1, j1, j2)
    sch.compute_at("C", j0, preserve_unit_loops=True)
    i, j, k = sch.get_loops("C")[-3:]
    c1, c2 = sch.split(j, [None, tiles.lanes])
    sch.reorder(k, i, c1, c2)
    for loop in (i, c1, i1, j1):
        sch.unroll(loop)
    for loop in (c2, j2):
        sch.vectorize(loop)
    start = sch.decompose_reduction("C", k)
    for loop in sch.get_loops(start)[-3:-1]:
        sch.unroll(loop)
    return sch


LADDER = {
    "naive": naive,
    "rows_inside": rows_inside,
    "tiled": tiled,
    "vectorized": vectorized,
    "register_tiled": register_tiled,
    "packed": packed,
    "parallel": parallel,
    "blocked": blocked,
}
"""All versions by name, slowest first."""
