"""Spaces of GPU schedules: the tiled steps of the matmul ladder with their sizes drawn at random."""

import random
from typing import TYPE_CHECKING

from mlc_ref.auto_tuning.search import values_of
from mlc_ref.auto_tuning.space import Space, draw
from mlc_ref.gpu.schedules.common import bind, cooperative_fetch
from mlc_ref.kinds import invalid, takes

if TYPE_CHECKING:
    import tvm
    from tvm.s_tir import Schedule
    from tvm.s_tir.schedule import LoopRV

MOST_A_THREAD = 8  # rows or columns of a thread's tile
MOST_DEPTH = 32  # of the reduction in shared memory at a time
UNROLL_LIMITS = (0, 16, 64)  # loops of up to so many statements are written out


@takes("Schedule")
def register_space(sch: "Schedule") -> None:
    """``matmul``: what a block and what a thread computes, and how much is unrolled; operands from global memory.

    Before::

        for i, j, p: C[i, j] += A[i, p] * B[p, j]

    After (all extents drawn, each product the extent of the loop)::

        for blockIdx.y, blockIdx.x, threadIdx.y, threadIdx.x:
            c[y, x] = 0
            for p0, p1:
                a[y], b[x] = A[…, p], B[p, …]
                c[y, x] += a[y] * b[x]
            C[…] = c
    """
    _, _, p = _tile(sch)
    for operand in (0, 1):
        sch.compute_at(sch.cache_read("matmul", operand, "local"), p, preserve_unit_loops=True)
    _finish(sch)


@takes("Schedule")
def shared_space(sch: "Schedule") -> None:
    """``matmul``: the same choices; the threads of a block bring their operands to shared memory first.

    After::

        for blockIdx.y, blockIdx.x, threadIdx.y, threadIdx.x:
            c[y, x] = 0
            for p0:
                As[:, :], Bs[:, :] = A[rows, p1], B[p1, cols]
                for p1:
                    a[y], b[x] = As[…, p], Bs[p, …]
                    c[y, x] += a[y] * b[x]
            C[…] = c
    """
    threads, tile_loop, p = _tile(sch)
    for operand in (0, 1):
        shared = sch.cache_read("matmul", operand, "shared")
        cooperative_fetch(sch, shared, tile_loop, threads)
        sch.compute_at(sch.cache_read("matmul", operand, "local"), p, preserve_unit_loops=True)
    _finish(sch)


SPACES: dict[str, Space] = {"registers": register_space, "shared": shared_space}
"""Two recipes, because their steps differ: a trace does not record Python's ``if``."""


@takes("IRModule")
def points(mod: "tvm.IRModule", count: int, seed: int = 7) -> "dict[str, Schedule]":
    """Different schedules of ``mod``, drawn from each recipe in turn, by their decisions.

    Raises:
        ValueError: the spaces hold fewer points than ``count``, or hardly more.
    """
    rng = random.Random(seed)
    found: dict[str, Schedule] = {}
    for attempt in range(20 * count):
        if len(found) == count:
            return found
        recipe = list(SPACES)[attempt % len(SPACES)]
        sch = draw(mod, SPACES[recipe], rng.randrange(1, 2**30))
        found.setdefault(f"{recipe} {', '.join(map(_short, values_of(sch)))}", sch)
    raise invalid(
        f"count: got {count}, found {len(found)} points in {20 * count} draws; ask for fewer",
        f"count：得到 {count}，但采样 {20 * count} 次只得到 {len(found)} 个点；请减小 count",
    )


def _short(value: int | tuple[int, ...]) -> str:
    """A tiling as ``16×8×2``, a category as the unroll limit it stands for."""
    return f"unroll {UNROLL_LIMITS[value]}" if isinstance(value, int) else "×".join(map(str, value))


def _tile(sch: "Schedule") -> tuple[dict, "LoopRV", "LoopRV"]:
    """Draw and cut all three loops; the thread extents and the two loops of the reduction are returned."""
    i, j, p = sch.get_loops("matmul")
    rows = sch.sample_perfect_tile(i, n=3, max_innermost_factor=MOST_A_THREAD)
    cols = sch.sample_perfect_tile(j, n=3, max_innermost_factor=MOST_A_THREAD)
    depth = sch.sample_perfect_tile(p, n=2, max_innermost_factor=MOST_DEPTH)
    block_y, thread_y, y = sch.split(i, rows)
    block_x, thread_x, x = sch.split(j, cols)
    p0, p1 = sch.split(p, depth)
    sch.reorder(block_y, block_x, thread_y, thread_x, p0, p1, y, x)
    bind(sch, {"blockIdx.y": block_y, "blockIdx.x": block_x, "threadIdx.y": thread_y, "threadIdx.x": thread_x})
    write_back = sch.cache_write("matmul", 0, "local")
    sch.reverse_compute_at(write_back, thread_x, preserve_unit_loops=True)
    return {"threadIdx.y": rows[1], "threadIdx.x": cols[1]}, p0, p1


def _finish(sch: "Schedule") -> None:
    """What every draw ends with: the start of the sum apart, and a limit, drawn too, up to which loops are unrolled."""
    limit = sch.sample_categorical(list(UNROLL_LIMITS), [1 / len(UNROLL_LIMITS)] * len(UNROLL_LIMITS))
    block_y, _, _, _, p0, *_ = sch.get_loops("matmul")
    sch.annotate(block_y, "pragma_auto_unroll_max_step", limit)
    sch.annotate(block_y, "pragma_unroll_explicit", 1)
    sch.decompose_reduction("matmul", p0)
