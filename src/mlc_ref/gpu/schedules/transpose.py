"""The transpose ladder on a GPU: ``programs.transpose``.

After Ruetsch and Micikevicius, *Optimizing Matrix Transpose in CUDA*, NVIDIA 2009. A block moves a
square tile with ``side * rows`` threads, each of which moves ``side / rows`` elements.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from mlc_ref.gpu.schedules.common import bind, check_threads
from mlc_ref.kinds import refused, takes
from mlc_ref.language import Text

if TYPE_CHECKING:
    from tvm.s_tir import Schedule
    from tvm.s_tir.schedule import LoopRV


@takes("Schedule")
def naive(sch: "Schedule", side: int = 32, rows: int = 8) -> "Schedule":
    """Neighbouring threads write neighbours of ``B``, so they read a column of ``A``.

    Before::

        for j in m:
            for i in n:
                B[j, i] = A[i, j]

    After::

        for blockIdx.y in ceil(m / side):
            for blockIdx.x in ceil(n / side):
                for step in side / rows:
                    for threadIdx.y in rows:
                        for threadIdx.x in side:
                            B[j, i] = A[i, j]         # i runs with threadIdx.x: a stride of m in A

    Args:
        sch: a schedule of ``programs.transpose``.
        side: side of the tile a block moves, and threads along x.
        rows: threads along y.

    Raises:
        ValueError: ``rows`` does not divide ``side``, or there are too many threads.
    """
    _check(side, rows)
    j, i = sch.get_loops("transpose")
    block_y, tile_y = sch.split(j, [None, side])
    block_x, tile_x = sch.split(i, [None, side])
    sch.reorder(block_y, block_x, tile_y, tile_x)
    bind(sch, {"blockIdx.y": block_y, "blockIdx.x": block_x})
    _deal_rows(sch, tile_y, tile_x, rows)
    return sch


@takes("Schedule")
def shared(sch: "Schedule", side: int = 32, rows: int = 8) -> "Schedule":
    """Turn the tile in shared memory: rows of ``A`` are read, rows of ``B`` written.

    Before (``naive``)::

        for blockIdx.y, blockIdx.x:
            for step, threadIdx.y, threadIdx.x:
                B[j, i] = A[i, j]

    After::

        for blockIdx.y, blockIdx.x:
            for step, threadIdx.y, threadIdx.x:
                S[step * rows + threadIdx.y, threadIdx.x] = A[…]       # along a row of A
            barrier
            for step, threadIdx.y, threadIdx.x:
                B[j, i] = S[threadIdx.x, step * rows + threadIdx.y]    # down a column of S

    A column of ``S`` with ``side = 32`` lies in a single bank of shared memory.

    Args and errors: as ``naive``.
    """
    naive(sch, side, rows)
    block_x = sch.get_loops("transpose")[1]
    tile = sch.cache_read("transpose", 0, "shared")
    sch.compute_at(tile, block_x, preserve_unit_loops=True)
    tile_y, tile_x = sch.get_loops(tile)[-2:]
    _deal_rows(sch, tile_y, tile_x, rows, width=side)
    return sch


def padded(sch: "Schedule", side: int = 32, rows: int = 8) -> "Schedule":
    """One unused element at the end of each row of the tile, so that a column touches every bank.

    Before (``shared``)::

        S: side x side                                # S[y, x] at y * side + x

    After::

        S: side x (side + 1)                          # S[y, x] at y * (side + 1) + x

    The loops are those of ``shared``.

    Args and errors: as ``naive``.
    """
    shared(sch, side, rows)
    sch.storage_align("A_shared", buffer_index=0, axis=0, factor=side, offset=1)
    return sch


def _check(side: int, rows: int) -> None:
    if rows < 1 or side % rows:
        raise ValueError(
            refused("transpose", f"rows={rows}", Text(f"the divisors of side={side}", f"side={side} 的约数"))
        )
    check_threads(side * rows, "transpose")


def _deal_rows(sch: "Schedule", tile_y: "LoopRV", tile_x: "LoopRV", rows: int, width: int | None = None) -> None:
    _, thread_y = sch.split(tile_y, [None, rows])
    thread_x = tile_x if width is None else sch.split(tile_x, [None, width])[1]
    bind(sch, {"threadIdx.y": thread_y, "threadIdx.x": thread_x})


LADDER: dict[str, Callable[["Schedule"], "Schedule"]] = {"naive": naive, "shared": shared, "padded": padded}
"""The steps in the order of the chapter."""
