"""A lab: one product, one schedule, several tile sizes, on the reader's own GPU."""

from tvm.s_tir import Schedule

from mlc_ref.kinds import refused, takes
from mlc_ref.language import Text
from mlc_ref.schedules import programs
from mlc_ref.tensor_programs import reference
from mlc_ref.viz.widget import Widget
from mlc_ref.webgpu.labs import Measure, ladder

TILES = (1, 2, 4, 8)
THREADS = 8  # along each side of a block


@takes("Schedule")
def tiled(sch: Schedule, tile: int) -> Schedule:
    """One thread a square tile of ``C``, kept in registers.

    Before::

        for i, j, k: C[i, j] += A[i, k] * B[k, j]

    After::

        for i0, j0, i1, j1:                           # i0, j0 on blocks, i1, j1 on threads
            c[tile, tile] = 0
            for k:
                a[tile], b[tile] = A[i, k], B[k, j]   # in registers
                for i2 in tile, j2 in tile: c[i2, j2] += a[i2] * b[j2]
            C[tile of this thread] = c[tile, tile]

    Raises:
        ValueError: ``tile`` is less than 1.
    """
    if tile < 1:
        raise ValueError(refused("tile", tile, Text("1 and above", "不小于 1 的整数")))
    out = sch.cache_write("C", 0, "local")
    i, j, k = sch.get_loops("C")
    i0, i1, i2 = sch.split(i, [None, THREADS, tile])
    j0, j1, j2 = sch.split(j, [None, THREADS, tile])
    sch.reorder(i0, j0, i1, j1, k, i2, j2)
    for loop, axis in ((i0, "blockIdx.y"), (j0, "blockIdx.x"), (i1, "threadIdx.y"), (j1, "threadIdx.x")):
        sch.bind(loop, axis)
    sch.reverse_compute_at(out, j1, preserve_unit_loops=True)
    for operand in (0, 1):
        sch.compute_at(sch.cache_read("C", operand, "local"), k, preserve_unit_loops=True)
    sch.decompose_reduction("C", k)
    return sch


def tile_lab(size: int = 512) -> Widget:
    """The same schedule of a ``size`` by ``size`` product with each of ``TILES``."""
    program = programs.matmul(size, size, size)
    steps = {f"{tile} × {tile}": tiled(Schedule(program), tile) for tile in TILES}
    counters = {
        "global_load_requests": Text("load requests", "加载请求"),
        "global_load_sectors": Text("32-byte pieces loaded", "加载的 32 字节块"),
    }
    oracle = {"name": "matmul", "n": size, "m": size, "k": size}
    return ladder("tile_sizes", steps, reference.matmul, counters, Measure(2 * size**3, "GFLOP/s"), oracle=oracle)
