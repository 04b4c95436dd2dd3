"""Labs: the chapter's two ladders, a lookup, and a search among tiled products, to be run on the reader's own GPU."""

import numpy as np
from tvm.s_tir import Schedule

from mlc_ref.gpu import programs, reference, tuning
from mlc_ref.gpu.schedules import matmul, transpose
from mlc_ref.language import Text
from mlc_ref.viz.widget import Widget
from mlc_ref.webgpu import compile_kernels, simulated, with_reference
from mlc_ref.webgpu.labs import Measure, file_lab, ladder
from mlc_ref.webgpu.lookups import lookup
from mlc_ref.webgpu.searching import search


def matmul_lab(size: int = 512) -> Widget:
    """The matmul ladder for ``size`` by ``size`` matrices."""
    steps = {name: step(Schedule(programs.matmul(size, size, size))) for name, step in matmul.LADDER.items()}
    counters = {
        "global_load_requests": Text("global load requests", "全局内存加载请求"),
        "global_load_bytes": Text("global bytes loaded", "全局内存加载字节"),
    }
    oracle = {"name": "matmul", "n": size, "m": size, "k": size}
    return ladder("matmul_ladder", steps, reference.matmul, counters, Measure(2 * size**3, "GFLOP/s"), oracle=oracle)


def transpose_lab(size: int = 2048) -> Widget:
    """The transpose ladder for a matrix of ``size`` rows and columns."""
    steps = {name: step(Schedule(programs.transpose(size, size))) for name, step in transpose.LADDER.items()}
    counters = {
        "global_load_sectors+global_store_sectors": Text("global sectors", "全局内存扇区"),
        "shared_load_conflicts": Text("bank conflicts", "存储体冲突"),
    }
    oracle = {"name": "transpose", "n": size, "m": size}
    measure = Measure(2 * 4 * size**2, "GB/s")
    return ladder("transpose_ladder", steps, reference.transpose, counters, measure, oracle=oracle, tolerance=1e-6)


def search_lab(size: int = 256, draws: int = 96) -> Widget:
    """A search among ``draws`` schedules of a ``size`` by ``size`` product, drawn from ``tuning.SPACES``."""
    oracle = {"name": "matmul", "n": size, "m": size, "k": size}
    measure = Measure(2 * size**3, "GFLOP/s")
    points = tuning.points(programs.matmul(size, size, size), draws)
    return search("matmul_search", points, reference.matmul, measure, oracle=oracle)


def lookup_lab() -> Widget:
    """Rows of a table of 10, looked up by numbers that the reader types: a block for each row, a thread for each column."""
    rows = (3, 3, 0, 9, 7, 1)
    table = 10 * np.arange(10, dtype="float32")[:, None] + np.arange(4, dtype="float32")
    sch = Schedule(programs.gather(len(rows), *table.shape))
    for loop, axis in zip(sch.get_loops("gather"), ("blockIdx.x", "threadIdx.x"), strict=True):
        sch.bind(loop, axis)
    return lookup(sch.mod, "gather", table, rows)


def own_file_lab() -> Widget:
    """A place for the reader's own exported schedules; its example is a small blocked product."""
    sch = matmul.vectorized_fetch(Schedule(programs.matmul(128, 128, 64)))
    artefact = compile_kernels(sch, "example: vectorized_fetch")
    return file_lab(with_reference(artefact, simulated(sch.mod, artefact)))
