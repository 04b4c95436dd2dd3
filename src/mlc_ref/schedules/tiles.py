"""Tile sizes for matmul from what the CPU has: vector lanes, vector registers, cache sizes, threads."""

import math
import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from mlc_ref.cache_model.system import SYSTEM_CACHES, described_caches
from mlc_ref.kinds import invalid
from mlc_ref.targets import CpuFeatures, cpu_features

FLOAT_BYTES = 4
# TVM keeps a local buffer of at most this size on the stack, where LLVM turns it into registers;
# a larger one comes from the heap and stays in memory.
STACK_BUFFER_BYTES = 1024


@dataclass(frozen=True)
class Caches:
    """Bytes of the data caches one core sees, and how many lines of the first may share a place.

    The defaults are small for a machine of today.
    """

    l1: int = 32 * 1024
    l2: int = 512 * 1024
    l1_ways: int = 8


def caches_from(folder: Path) -> Caches:
    """Cache sizes as Linux describes them below ``/sys``; the defaults where it says nothing."""
    found = {level.name: level for level in described_caches(folder)}
    l1, l2 = (
        found[name].size_bytes if name in found else size for name, size in (("L1", Caches.l1), ("L2", Caches.l2))
    )
    return Caches(l1, l2, (found["L1"].ways if "L1" in found else None) or Caches.l1_ways)


@cache
def cpu_caches() -> Caches:
    """The caches of this machine."""
    return caches_from(SYSTEM_CACHES)


def thread_count() -> int:
    """Threads TVM will use: ``TVM_NUM_THREADS``, or else the cores of the machine."""
    return int(os.environ.get("TVM_NUM_THREADS") or os.cpu_count() or 1)


@dataclass(frozen=True)
class Tiles:
    """How a matmul ``C (m, n) = A (m, k) @ B (k, n)`` is cut.

    Attributes:
        lanes: float32 elements of a vector register.
        rows, columns: the register tile of ``C``; ``columns`` is a multiple of ``lanes``.
        depth: steps of the reduction made before a register tile is added to ``C``.
        row_tiles: register tiles on top of each other in one task.
        tasks: independent row blocks, shared out among the threads.
        pack_a: whether ``A`` is copied tile by tile as well.
    """

    lanes: int
    rows: int
    columns: int
    depth: int
    row_tiles: int
    tasks: int
    pack_a: bool

    @property
    def block_rows(self) -> int:
        """Rows of ``C`` in one task."""
        return self.rows * self.row_tiles

    def __post_init__(self) -> None:
        sizes = (self.lanes, self.rows, self.columns, self.depth, self.row_tiles, self.tasks)
        if min(sizes) < 1 or self.columns % self.lanes:
            raise invalid(
                f"tiles: got {self}, sizes must be positive and columns a multiple of lanes",
                f"tiles：得到 {self}；各个大小要大于 0，columns 要是 lanes 的倍数",
            )


def register_tile(features: CpuFeatures) -> tuple[int, int]:
    """Rows and columns of the largest register tile.

    Each of its ``rows`` rows is two vectors wide. One step of the reduction needs two vectors of ``B``
    and one broadcast element of ``A`` next to the accumulators, so ``2 * rows + 3`` registers; and the
    accumulators may take at most ``STACK_BUFFER_BYTES``.

    Returns:
        ``(8, 32)`` with AVX-512, ``(6, 16)`` with AVX2, ``(14, 8)`` with NEON.
    """
    columns = 2 * vector_lanes(features)
    by_registers = (features.vector_registers - 3) // 2
    by_stack = STACK_BUFFER_BYTES // (columns * FLOAT_BYTES)
    return min(by_registers, by_stack), columns


def vector_lanes(features: CpuFeatures) -> int:
    """float32 elements of one vector register."""
    return features.vector_bits // (8 * FLOAT_BYTES)


def matmul_tiles(
    m: int,
    n: int,
    k: int,
    *,
    features: CpuFeatures | None = None,
    caches: Caches | None = None,
    threads: int | None = None,
) -> Tiles:
    """Tiles for a matmul of this size; the machine's own features by default.

    * A column panel of ``B``, ``depth`` by ``columns``, takes at most a quarter of the second cache.
    * The rows of ``A`` of one task, ``block_rows`` by ``depth``, take at most that cache; four times as much where
      ``rows`` of them do not fit the first cache. These are read anew for every panel, front to back, which the
      third cache serves as well, and larger tasks read ``B`` less often.
    * ``A`` is packed when its rows lie a multiple of a whole way of the first cache apart and there are no fewer of
      them than ways: all elements of a column then compete for the same places.
    * The tasks divide evenly among the threads, with as few rows of padding as possible.

    The scheme is that of Goto and van de Geijn, *Anatomy of High-Performance Matrix Multiplication*
    (ACM TOMS 34, 2008), with two cache levels.
    """
    features, caches = features or cpu_features(), caches or cpu_caches()
    rows, columns = register_tile(features)
    rows = min(rows, m)
    depth = _even_part(k, max(1, caches.l2 // 4 // (columns * FLOAT_BYTES)))
    tile_bytes = rows * depth * FLOAT_BYTES
    task_bytes = caches.l2 * (4 if tile_bytes > caches.l1 else 1)
    row_tiles, tasks = _tasks(math.ceil(m / rows), max(1, task_bytes // tile_bytes), threads or thread_count())
    pack_a = k * FLOAT_BYTES % (caches.l1 // caches.l1_ways) == 0 and rows >= caches.l1_ways
    return Tiles(vector_lanes(features), rows, columns, depth, row_tiles, tasks, pack_a)


def _even_part(length: int, limit: int) -> int:
    """The largest part when ``length`` is cut into as few, nearly equal parts of at most ``limit``."""
    return math.ceil(length / math.ceil(length / limit))


def _tasks(tiles: int, limit: int, threads: int) -> tuple[int, int]:
    """Tiles a task and number of tasks: a multiple of ``threads``, the least padding, then the fewest."""
    fewest = math.ceil(math.ceil(tiles / limit) / threads) * threads
    candidates = range(fewest, 2 * fewest + 1, threads) if fewest <= tiles else [fewest]
    tasks = min(candidates, key=lambda count: (math.ceil(tiles / count) * count, count))
    return math.ceil(tiles / tasks), tasks
