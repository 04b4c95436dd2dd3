"""The last steps of the matmul ladder: packed panels, threads, and a reduction cut to fit the cache.

They take apart what one screen of code cannot hold, in the order in which it happens:
``_stage`` (pad and pack), ``_place`` (the loop nest), ``_micro_kernel`` (registers), ``_finish``.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import tvm
from tvm.s_tir import Schedule
from tvm.s_tir.schedule import LoopRV, SBlockRV

from mlc_ref.kinds import takes
from mlc_ref.schedules.tiles import Tiles, matmul_tiles


@dataclass(frozen=True)
class _Blocks:
    """The blocks of a packed matmul: copies of ``A`` and ``B``, the sum of products, the result."""

    pack_a: SBlockRV | None
    pack_b: SBlockRV
    multiply: SBlockRV
    result: SBlockRV
    unpad: SBlockRV | None


@takes("IRModule")
def packed(mod: tvm.IRModule, tiles: Tiles) -> Schedule:
    """Copy ``B`` into panels of ``columns`` columns, so that the kernel reads it front to back.

    Sizes that the register tile does not divide are filled up with zeros while packing, so the kernel
    needs no conditions; only what belongs to ``C`` is written back.

    Before::

        for i, j, k: C[i, j] += A[i, k] * B[k, j]

    After::

        for p, k: panel[p, k, 0:columns] = B[k, p * columns + …]
        for i0, p, i1:
            acc[rows, columns] = 0
            for k: acc += A[rows, k] * panel[p, k, columns]     (unrolled and vectorized)
            C[tile] = acc
    """
    return _schedule(mod, replace(tiles, pack_a=False, depth=_whole(mod)), threads=False)


@takes("IRModule")
def parallel(mod: tvm.IRModule, tiles: Tiles) -> Schedule:
    """Give row blocks of ``C``, and panels of ``B`` while packing, to the threads.

    Before::

        for p, k: …
        for i0, p, i1: …

    After::

        for p in parallel, k: …
        for i0 in parallel, p, i1: …
    """
    return _schedule(mod, replace(tiles, pack_a=False, depth=_whole(mod)), threads=True)


@takes("IRModule")
def blocked(mod: tvm.IRModule, tiles: Tiles) -> Schedule:
    """Cut the reduction into parts of ``depth`` so that a panel stays in the cache, and pack ``A`` where ``tiles`` ask for it.

    Each part sums in registers; its tile is added to ``C`` (``rfactor`` over the parts). With a
    reduction no longer than ``depth`` and ``A`` unpacked this is ``parallel``.

    Before::

        for p in parallel, k: …
        for i0 in parallel, p, i1, k: …

    After, with ``A`` packed::

        for i in parallel, k: tile_a[i / rows, k, i % rows] = A[i, k]
        for p in parallel, k: panel[p, k, …] = B[k, …]
        for i0 in parallel, k0, p, i1:
            acc[rows, columns] = 0
            for k1:depth: acc += tile_a[i1, k, rows] * panel[p, k, columns]
            C[tile] += acc
    """
    return _schedule(mod, tiles, threads=True)


@takes("IRModule")
def best(mod: tvm.IRModule) -> Schedule:
    """``blocked`` with the tiles of this machine for the module's sizes."""
    sch = Schedule(mod)
    m, n, k = (int(sch.get(loop).extent) for loop in sch.get_loops("C"))
    return blocked(mod, matmul_tiles(m, n, k))


def _whole(mod: tvm.IRModule) -> int:
    """Length of the reduction of the module's matmul."""
    sch = Schedule(mod)
    return int(sch.get(sch.get_loops("C")[2]).extent)


def _schedule(mod: tvm.IRModule, tiles: Tiles, *, threads: bool) -> Schedule:
    sch = Schedule(mod)
    assemble(sch, tiles, lambda _rows: [None, tiles.row_tiles, tiles.rows], threads=threads)
    return sch


@takes("Schedule")
def assemble(sch: Schedule, tiles: Tiles, cut: Callable[[LoopRV], list], *, threads: bool) -> None:
    """Apply all steps to a schedule of a matmul.

    Args:
        tiles: sizes, of which ``row_tiles`` only decides how far the rows are padded.
        cut: given the loop over rows, the factors to split it into tasks, register tiles and rows.
        threads: whether tasks and packing run in parallel.
    """
    blocks = _stage(sch, tiles)
    tile, outer = _place(sch, blocks, tiles, cut)
    sch.compute_at(blocks.multiply, tile, preserve_unit_loops=True)
    sch.set_scope(blocks.multiply, 0, "local")
    if threads:
        sch.parallel(outer)
    _micro_kernel(sch, blocks.multiply, tiles)
    _finish(sch, blocks, tiles, threads)


def _stage(sch: Schedule, tiles: Tiles) -> _Blocks:
    """Pad to whole tiles, copy the operands into packed buffers, and split off the partial sums.

    ``pad_einsum`` already copies the operands it pads; the others get their copy from ``cache_read``.
    """
    block = sch.get_sblock("C")
    sch.pad_einsum(block, [tiles.block_rows, tiles.columns, tiles.depth])
    unpad = sch.get_sblock("C_pad") if _written(sch, block) == "C_pad" else None
    pack_b = _copy_of(sch, block, 1)
    columns, rows = tiles.columns, tiles.rows
    sch.transform_layout(pack_b, ("write", 0), lambda k, j: (j // columns, k, j % columns))
    pack_a = _copy_of(sch, block, 0) if tiles.pack_a or _read(sch, block, 0) == "A_pad" else None
    if tiles.pack_a:
        sch.transform_layout(pack_a, ("write", 0), lambda i, k: (i // rows, k, i % rows))
    k = sch.get_loops(block)[2]
    if int(sch.get(k).extent) > tiles.depth:
        part, _ = sch.split(k, [None, tiles.depth])
        return _Blocks(pack_a, pack_b, sch.rfactor(part, 0), block, unpad)
    result = unpad or sch.cache_write(block, 0, "global")
    return _Blocks(pack_a, pack_b, block, result, None)


def _written(sch: Schedule, block: SBlockRV) -> str:
    return str(sch.get(block).writes[0].source.name)


def _read(sch: Schedule, block: SBlockRV, position: int) -> str:
    return str(sch.get(block).reads[position].source.name)


def _copy_of(sch: Schedule, block: SBlockRV, position: int) -> SBlockRV:
    name = _read(sch, block, position)
    return sch.get_sblock(name) if name.endswith("_pad") else sch.cache_read(block, position, "global")


def _place(sch: Schedule, blocks: _Blocks, tiles: Tiles, cut: Callable[[LoopRV], list]) -> tuple[LoopRV, LoopRV]:
    """Order the loops of the result into tasks, reduction parts, panels and register tiles.

    Returns:
        The loop over register tiles, where the sum of products goes, and the loop over tasks.
    """
    i, j, *parts = sch.get_loops(blocks.result)
    task, tile, i1 = sch.split(i, cut(i))
    panel, j1, j2 = sch.split(j, [None, tiles.columns // tiles.lanes, tiles.lanes])
    sch.reorder(task, *parts, panel, tile, i1, j1, j2)
    sch.unroll(i1)
    sch.unroll(j1)
    sch.vectorize(j2)
    return tile, task


def _micro_kernel(sch: Schedule, multiply: SBlockRV, tiles: Tiles) -> None:
    """One step of the reduction for a whole register tile, without loops in the code that runs."""
    i, j, k = sch.get_loops(multiply)[-3:]
    j1, j2 = sch.split(j, [None, tiles.lanes])
    sch.reorder(k, i, j1, j2)
    sch.unroll(i)
    sch.unroll(j1)
    sch.vectorize(j2)
    start = sch.decompose_reduction(multiply, k)
    for loop in sch.get_loops(start)[-3:-1]:
        sch.unroll(loop)


def _finish(sch: Schedule, blocks: _Blocks, tiles: Tiles, threads: bool) -> None:
    """Schedule the copies: panels of B, tiles of A, and the rows of a padded result."""
    k, j = sch.get_loops(blocks.pack_b)
    panel, inside = sch.split(j, [None, tiles.columns])
    sch.reorder(panel, k, inside)
    sch.vectorize(inside)
    outer: list[Any] = [panel]
    if blocks.pack_a is not None:
        i, k = sch.get_loops(blocks.pack_a)
        tile, row = sch.split(i, [None, tiles.rows])
        if tiles.pack_a:
            sch.reorder(tile, k, row)
            sch.unroll(row)
        outer.append(tile)
    if blocks.unpad is not None:
        i, j = sch.get_loops(blocks.unpad)
        sch.vectorize(sch.split(j, [None, tiles.lanes])[1])
        outer.append(i)
    if threads:
        for loop in outer:
            sch.parallel(loop)
