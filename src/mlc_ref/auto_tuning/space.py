"""Spaces of schedules: schedules whose tile sizes are drawn at random, and the steps that finish them.

A stochastic schedule draws (``sample_perfect_tile``, ``sample_categorical``) and cuts the loops; every
draw is an instruction of the trace with a decision that can be replaced. The postprocessors then mark
loops as parallel, vectorized and unrolled, and ``problem`` says why a drawn schedule is not worth running.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import tvm
from tvm.s_tir import Schedule
from tvm.s_tir.schedule import LoopRV

from mlc_ref.checks.index_math import constant
from mlc_ref.checks.loops import kind_of, loops_of
from mlc_ref.checks.memory import allocations, buffer_bytes
from mlc_ref.checks.sites import select
from mlc_ref.kinds import refused, takes
from mlc_ref.language import Text, for_print
from mlc_ref.schedules.packing import assemble
from mlc_ref.schedules.tiles import STACK_BUFFER_BYTES, matmul_tiles

Space = Callable[[Schedule], None]

MOST_UNROLLED = 512
MOST_LANES = 64
_TOO_LARGE = Text("register tile of {size} bytes, more than {most}", "寄存器分块有 {size} 字节，超过 {most}")
_UNROLLED = Text(
    "block {block}: {count} unrolled iterations, more than {most}", "块 {block}：展开 {count} 次迭代，超过 {most}"
)
_LANES = Text("block {block}: {count} lanes, more than {most}", "块 {block}：{count} 个通道，超过 {most}")


@takes("Schedule")
def elementwise_space(sch: Schedule) -> None:
    """``scale_add``: how much one thread takes at a time, and how many lanes.

    Before::

        for i: Y[i] = 2 * X[i] + 1

    After (``a * b * c`` is the extent, drawn)::

        for i0:a in parallel, i1:b:
            for i2:c in vectorized: Y[i] = 2 * X[i] + 1
    """
    (i,) = sch.get_loops("Y")
    factors = sch.sample_perfect_tile(i, n=3, max_innermost_factor=MOST_LANES)
    outer, _middle, lanes = sch.split(i, factors)
    sch.parallel(outer)
    sch.vectorize(lanes)


@takes("Schedule")
def matmul_space(sch: Schedule) -> None:
    """``matmul``: tile sizes of all three loops, and how many steps of the reduction to unroll.

    Before::

        for i, j, k: C[i, j] += A[i, k] * B[k, j]

    After (all extents drawn, each product the extent of the loop)::

        for i0 and j0 fused, in parallel:
            for i1, j1:
                acc[i2, j2] = 0
                for k0, k1 in unrolled, i2 in unrolled, j2 in vectorized: acc += A[i, k] * B[k, j]
                C[tile] = acc
    """
    out = sch.cache_write("C", 0, "local")
    i, j, k = sch.get_loops("C")
    i0, i1, i2 = sch.split(i, sch.sample_perfect_tile(i, n=3, max_innermost_factor=16))
    j0, j1, j2 = sch.split(j, sch.sample_perfect_tile(j, n=3, max_innermost_factor=MOST_LANES))
    unrolled = sch.sample_categorical([1, 2, 4, 8], [0.25] * 4)
    k0, k1 = sch.split(k, [None, unrolled])
    sch.reorder(i0, j0, i1, j1, k0, k1, i2, j2)
    sch.reverse_compute_at(out, j1, preserve_unit_loops=True)
    sch.parallel(sch.fuse(i0, j0))
    finish(sch)


@takes("Schedule")
def packed_space(sch: Schedule) -> None:
    """``matmul`` with panels of ``schedules.packing``, ``A`` packed where ``matmul_tiles`` says so, its rows cut at random.

    The panels and the vectors are those the CPU's registers ask for; what is drawn is how many rows go
    to a task and how many into the register tile, which depends on caches and threads in ways that
    are easier to measure than to compute.

    Before::

        for i, j, k: C[i, j] += A[i, k] * B[k, j]

    After (``a * b * c`` is the number of rows, filled up to twice the height of the register tile, drawn)::

        for p in parallel, k: panel[p, k, 0:columns] = B[k, p * columns + …]
        for i0:a in parallel, p, i1:b:
            acc[c, columns] = 0
            for k: acc += A[rows, k] * panel[p, k, columns]     (unrolled and vectorized)
            C[tile] = acc
    """
    m, n, k = (int(sch.get(loop).extent) for loop in sch.get_loops("C"))
    fixed = matmul_tiles(m, n, k, threads=1)
    most_rows = fixed.rows
    # Rows filled up so can be cut into whole register tiles, and those into two equal halves.
    tiles = replace(fixed, row_tiles=2 if m > fixed.rows else 1, depth=k)
    assemble(sch, tiles, lambda rows: sch.sample_perfect_tile(_filled_rows(sch, rows), 3, most_rows), threads=True)


def _filled_rows(sch: Schedule, rows: LoopRV) -> LoopRV:
    """The loop over the filled rows of ``A`` if there are such, else the loop over the rows of the result."""
    blocks = [str(sch.get(block).name_hint) for block in sch.get_child_blocks(sch.get_sblock("root"))]
    return sch.get_loops("A_pad")[0] if "A_pad" in blocks else rows


@takes("Schedule")
def finish(sch: Schedule) -> None:
    """Postprocessors of a tiled matmul: vectorize the innermost loops, unroll the tile, split off the start."""
    for block in ("C", "C_local"):
        sch.vectorize(sch.get_loops(block)[-1])
        sch.unroll(sch.get_loops(block)[-2])
    k0, k1 = sch.get_loops("C")[-4:-2]
    sch.unroll(k1)
    start = sch.decompose_reduction("C", k0)
    sch.unroll(sch.get_loops(start)[-2])


class _Drawing(Schedule):
    """A schedule that refuses limits over which TVM never comes back."""

    def sample_perfect_tile(self, loop: LoopRV, n: int, max_innermost_factor: int = 16, decision: Any = None) -> list:
        if n < 1 or (max_innermost_factor < 1 and max_innermost_factor != -1):
            got = f"n={n}, max_innermost_factor={max_innermost_factor}"
            allowed = Text("1 and more, and -1 for no limit", "不小于 1 的整数，以及表示不设上限的 -1")
            raise ValueError(refused("sample_perfect_tile", got, allowed))
        return super().sample_perfect_tile(loop, n, max_innermost_factor, decision)


@takes("IRModule")
def draw(mod: tvm.IRModule, space: Space, seed: int) -> Schedule:
    """One schedule from a space.

    Args:
        seed: of the draws; a positive number, equal seeds give equal schedules.

    Raises:
        ValueError: the space draws tiles with no number of parts or no innermost size to choose from.
    """
    sch = _Drawing(mod, seed=seed)
    space(sch)
    return sch


@takes("Schedule")
def problem(sch: Schedule) -> str | None:
    """Why a drawn schedule is not worth running, in the reader's language; ``None`` if nothing speaks against it."""
    registers = [b for b in allocations(sch) if b.scope() == "local"]
    if (size := sum(map(buffer_bytes, registers))) > STACK_BUFFER_BYTES:
        return for_print(_TOO_LARGE.format(size=size, most=STACK_BUFFER_BYTES))
    for site in select(sch):
        extents = {"unrolled": 1, "vectorized": 1}
        for loop in loops_of(site):
            if (kind := kind_of(loop)) in extents:
                extents[kind] *= constant(loop.extent) or 1
        if extents["unrolled"] > MOST_UNROLLED:
            return for_print(_UNROLLED.format(block=site.name, count=extents["unrolled"], most=MOST_UNROLLED))
        if extents["vectorized"] > MOST_LANES:
            return for_print(_LANES.format(block=site.name, count=extents["vectorized"], most=MOST_LANES))
    return None
