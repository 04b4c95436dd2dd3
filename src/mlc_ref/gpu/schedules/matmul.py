"""The ladder of a matrix multiplication on a GPU: ``programs.matmul``, one idea a step.

``LADDER`` names the steps in order. The counters that change from one step to the next are global
requests (``local_sum``, ``register_blocking``, ``shared_blocking``) and their number per byte
(``vectorized_fetch``); ``double_buffering`` changes when loads are issued, not how many. Shapes need
not divide: TVM guards with predicates. The tiling follows Volkov and Demmel, *Benchmarking GPUs to tune dense linear algebra*,
SC 2008.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mlc_ref.gpu.schedules.common import VECTOR_WIDTHS, bind, check_threads, check_vector, cooperative_fetch
from mlc_ref.kinds import invalid, refused, takes
from mlc_ref.language import Text

if TYPE_CHECKING:
    from tvm.s_tir import Schedule
    from tvm.s_tir.schedule import LoopRV


@dataclass(frozen=True)
class Tiling:
    """What a block and a thread of the tiled steps compute.

    Attributes:
        rows, cols: the tile of ``C`` a block computes.
        thread_rows, thread_cols: the tile of ``C`` a thread keeps in registers.
        depth: how much of the reduction is brought to shared memory at a time.
        vector: float32 elements a thread fetches with one instruction.

    Raises:
        ValueError: a thread's tile does not divide the block's, or there are too many threads.
    """

    rows: int = 64
    cols: int = 64
    thread_rows: int = 4
    thread_cols: int = 4
    depth: int = 16
    vector: int = 4

    def __post_init__(self) -> None:
        sizes = ("rows", "cols", "thread_rows", "thread_cols", "depth")
        if small := [name for name in sizes if getattr(self, name) < 1]:
            raise ValueError(
                refused(f"Tiling.{small[0]}", getattr(self, small[0]), Text("1 and more", "不小于 1 的整数"))
            )
        if self.rows % self.thread_rows or self.cols % self.thread_cols:
            got, whole = f"{self.thread_rows}x{self.thread_cols}", f"{self.rows}x{self.cols}"
            raise invalid(
                f"Tiling: a thread's tile {got} does not divide the block's {whole}",
                f"Tiling：线程的分块 {got} 不能整除线程块的分块 {whole}",
            )
        check_threads(self.threads["threadIdx.y"] * self.threads["threadIdx.x"], "Tiling")
        check_vector(self.vector, "Tiling")

    @property
    def threads(self) -> dict[str, int]:
        """Extent of each thread axis, slowest first."""
        return {"threadIdx.y": self.rows // self.thread_rows, "threadIdx.x": self.cols // self.thread_cols}


@takes("Schedule")
def naive(sch: "Schedule", side: int = 16) -> "Schedule":
    """One thread an element of ``C``; the running sum lives in global memory.

    Before::

        for i, j, p:
            C[i, j] += A[i, p] * B[p, j]              # C[i, j] = 0 at p = 0

    After::

        for blockIdx.y, blockIdx.x, threadIdx.y, threadIdx.x:
            C[i, j] = 0
            for p:
                C[i, j] += A[i, p] * B[p, j]

    Args:
        sch: a schedule of ``programs.matmul``.
        side: threads along each side of a square block.

    Raises:
        ValueError: ``side * side`` is no number of threads a block can have.
    """
    check_threads(side * side, "naive")
    i, j, p = sch.get_loops("matmul")
    block_y, thread_y = sch.split(i, [None, side])
    block_x, thread_x = sch.split(j, [None, side])
    sch.reorder(block_y, block_x, thread_y, thread_x, p)
    bind(sch, {"blockIdx.y": block_y, "blockIdx.x": block_x, "threadIdx.y": thread_y, "threadIdx.x": thread_x})
    sch.decompose_reduction("matmul", p)
    return sch


@takes("Schedule")
def local_sum(sch: "Schedule", side: int = 16) -> "Schedule":
    """Keep each thread's sum in a register and write it once.

    Before (``naive``)::

        for blockIdx.y, blockIdx.x, threadIdx.y, threadIdx.x:
            C[i, j] = 0
            for p:
                C[i, j] += A[i, p] * B[p, j]          # reads and writes global memory each time

    After::

        for blockIdx.y, blockIdx.x, threadIdx.y, threadIdx.x:
            c = 0
            for p:
                c += A[i, p] * B[p, j]
            C[i, j] = c

    Args and errors: as ``naive``.
    """
    check_threads(side * side, "local_sum")
    p = _tile(sch, Tiling(rows=side, cols=side, thread_rows=1, thread_cols=1))
    sch.decompose_reduction("matmul", p)
    return sch


@takes("Schedule")
def register_blocking(sch: "Schedule", tiling: Tiling | None = None) -> "Schedule":
    """A tile of ``C`` a thread: each element of ``A`` or ``B`` loaded serves a whole row or column of it.

    Before (``local_sum``)::

        for blockIdx.y, blockIdx.x, threadIdx.y, threadIdx.x:
            c = 0
            for p:
                c += A[i, p] * B[p, j]                # two loads a multiplication
            C[i, j] = c

    After::

        for blockIdx.y, blockIdx.x, threadIdx.y, threadIdx.x:
            c[:, :] = 0                               # thread_rows x thread_cols
            for p:
                for y in thread_rows: a[y] = A[i + y, p]
                for x in thread_cols: b[x] = B[p, j + x]
                for y, x in thread_rows, thread_cols:
                    c[y, x] += a[y] * b[x]
            for y, x in thread_rows, thread_cols:
                C[i + y, j + x] = c[y, x]

    Args:
        sch: a schedule of ``programs.matmul``.
        tiling: ``depth`` and ``vector`` are not used by this step.
    """
    p = _tile(sch, tiling or Tiling())
    for operand in (0, 1):
        _to_registers(sch, operand, p)
    sch.decompose_reduction("matmul", p)
    return sch


@takes("Schedule")
def shared_blocking(sch: "Schedule", tiling: Tiling | None = None) -> "Schedule":
    """The threads of a block bring tiles of ``A`` and ``B`` to shared memory together, and all read them there.

    Before (``register_blocking``)::

        for blockIdx.y, blockIdx.x, threadIdx.y, threadIdx.x:
            c[:, :] = 0
            for p:
                a[:], b[:] = A[…, p], B[p, …]
                c[:, :] += a[:] * b[:]
            C[…] = c

    After::

        for blockIdx.y, blockIdx.x, threadIdx.y, threadIdx.x:
            c[:, :] = 0
            for po in k / depth:
                As[:, :] = A[rows, depth]             # dealt out to the threads, one element each in turn
                Bs[:, :] = B[depth, cols]
                for pi in depth:
                    a[:], b[:] = As[…, pi], Bs[pi, …]
                    c[:, :] += a[:] * b[:]
            C[…] = c

    Lowering puts a barrier after the two copies, and one before the next two.

    Args:
        sch: a schedule of ``programs.matmul``.
        tiling: ``vector`` is not used by this step.
    """
    return _with_shared_tiles(sch, tiling or Tiling(), vector=1)


@takes("Schedule")
def vectorized_fetch(sch: "Schedule", tiling: Tiling | None = None) -> "Schedule":
    """Move ``tiling.vector`` neighbours with one instruction wherever neighbours are copied.

    Before (``shared_blocking``)::

        for po:
            for step, threadIdx.y, threadIdx.x:
                As[…] = A[…]                          # and Bs, one element each
            for pi:
                for x in thread_cols: b[x] = Bs[pi, j + x]
                …
        for y, x in thread_rows, thread_cols: C[i + y, j + x] = c[y, x]

    After::

        for po:
            for step / vector, threadIdx.y, threadIdx.x:
                for v in vectorized(vector): As[… + v] = A[… + v]
            for pi:
                for x in vectorized(thread_cols): b[x] = Bs[pi, j + x]
                …
        for y in thread_rows:
            for x in vectorized(thread_cols): C[i + y, j + x] = c[y, x]

    Where the shape does not let every vector start at a multiple of its width, the generated code
    falls back to single elements. ``a`` is a column of ``As``: its elements are no neighbours.

    Args:
        sch: a schedule of ``programs.matmul``.
        tiling: all of it is used.
    """
    tiling = tiling or Tiling()
    _with_shared_tiles(sch, tiling, tiling.vector)
    if tiling.thread_cols in VECTOR_WIDTHS:
        for block in ("B_shared_local", "C_local"):
            sch.vectorize(sch.get_loops(block)[-1])
    return sch


@takes("Schedule")
def double_buffering(sch: "Schedule", tiling: Tiling | None = None) -> "Schedule":
    """Bring the next tile to registers while the current one is used from shared memory.

    Before (``vectorized_fetch``)::

        for po in k / depth:
            As, Bs = A[tile po], B[tile po]           # global to shared: every thread waits here
            barrier
            c += As * Bs
            barrier

    After::

        ra, rb = A[tile 0], B[tile 0]
        As, Bs = ra, rb
        for po in k / depth - 1:
            ra, rb = A[tile po + 1], B[tile po + 1]   # on their way while the line after next computes
            barrier
            c += As * Bs
            barrier
            As, Bs = ra, rb
        barrier
        c += As * Bs

    The second buffer is in registers: shared memory and traffic stay the same. What changes is that
    no multiplication waits for the loads issued just before it. Method: software pipelining (Lam,
    *Software pipelining*, PLDI 1988).

    Args:
        sch: a schedule of ``programs.matmul``.
        tiling: all of it is used.
    """
    vectorized_fetch(sch, tiling)
    for tile in ("A_shared", "B_shared"):
        sch.annotate(sch.get_sblock(tile), "tirx.manifest_shared_memory_local_stage", 1)
    tile_loop = sch.get_loops("matmul_update")[4]
    # Below the loop stand: A to registers, A to shared, B to registers, B to shared, multiplications.
    sch.annotate(tile_loop, "software_pipeline_stage", [0, 0, 0, 0, 1])
    sch.annotate(tile_loop, "software_pipeline_order", [0, 3, 1, 4, 2])
    return sch


def _tile(sch: "Schedule", tiling: Tiling) -> "LoopRV":
    """A tile of ``C`` a block and a thread, sums in registers; the reduction loop is returned."""
    i, j, p = sch.get_loops("matmul")
    block_y, thread_y, y = sch.split(i, [None, tiling.threads["threadIdx.y"], tiling.thread_rows])
    block_x, thread_x, x = sch.split(j, [None, tiling.threads["threadIdx.x"], tiling.thread_cols])
    sch.reorder(block_y, block_x, thread_y, thread_x, p, y, x)
    bind(sch, {"blockIdx.y": block_y, "blockIdx.x": block_x, "threadIdx.y": thread_y, "threadIdx.x": thread_x})
    write_back = sch.cache_write("matmul", 0, "local")
    sch.reverse_compute_at(write_back, thread_x, preserve_unit_loops=True)
    return p


def _to_registers(sch: "Schedule", operand: int, at: "LoopRV") -> None:
    registers = sch.cache_read("matmul", operand, "local")
    sch.compute_at(registers, at, preserve_unit_loops=True)


def _with_shared_tiles(sch: "Schedule", tiling: Tiling, vector: int) -> "Schedule":
    p = _tile(sch, tiling)
    tile_loop, p = sch.split(p, [None, tiling.depth])
    for operand in (0, 1):
        tile = sch.cache_read("matmul", operand, "shared")
        cooperative_fetch(sch, tile, tile_loop, tiling.threads, vector)
        _to_registers(sch, operand, p)
    sch.decompose_reduction("matmul", tile_loop)
    return sch


LADDER: dict[str, Callable[["Schedule"], "Schedule"]] = {
    "naive": naive,
    "local_sum": local_sum,
    "register_blocking": register_blocking,
    "shared_blocking": shared_blocking,
    "vectorized_fetch": vectorized_fetch,
    "double_buffering": double_buffering,
}
"""The steps in the order of the chapter."""
