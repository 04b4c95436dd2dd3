"""Answers to the exercises on GPUs, right and wrong, made in many ways."""

from tvm.s_tir import Schedule

from mlc_ref.gpu.exercise_inputs import programs
from mlc_ref.gpu.schedules.common import cooperative_fetch


def bind(sch, **axes):
    """Bind loops given as ``bx=loop``, ``ty=loop``, …"""
    for axis, loop in axes.items():
        sch.bind(loop, {"b": "blockIdx.", "t": "threadIdx."}[axis[0]] + axis[1])
    return sch


def leaky(threads=None, transposed=False):
    sch = Schedule(programs.leaky(37, 50))
    i, j = sch.get_loops("leaky")
    if threads is None:
        return bind(sch, bx=i, tx=j)
    if transposed:
        sch.reorder(j, i)
    block, thread = sch.split(sch.fuse(*sch.get_loops("leaky")), [None, threads])
    return bind(sch, bx=block, tx=thread)


def leaky_in_two_thread_axes():
    sch = Schedule(programs.leaky(37, 50))
    block, y, x = sch.split(sch.fuse(*sch.get_loops("leaky")), [None, 8, 32])
    return bind(sch, bx=block, ty=y, tx=x)


def window(threads=128, shared=True, by_hand=False):
    sch = Schedule(programs.window_max(1000, 9))
    i, w = sch.get_loops("slide")
    block, thread = sch.split(i, [None, threads])
    bind(sch, bx=block, tx=thread)
    sch.reverse_compute_at(sch.cache_write("slide", 0, "local"), thread)
    sch.decompose_reduction("slide", w)
    if not shared:
        return sch
    tile = sch.cache_read("slide_update", 1, "shared")
    if by_hand:
        sch.compute_at(tile, block)
        return bind(sch, tx=sch.split(sch.get_loops(tile)[-1], [None, threads])[1])
    cooperative_fetch(sch, tile, block, {"threadIdx.x": threads})
    return sch


def window_with_the_maximum_in_global_memory():
    sch = Schedule(programs.window_max(1000, 9))
    block, thread = sch.split(sch.get_loops("slide")[0], [None, 128])
    bind(sch, bx=block, tx=thread)
    cooperative_fetch(sch, sch.cache_read("slide", 0, "shared"), block, {"threadIdx.x": 128})
    return sch


def window_fetched_by_each_thread():
    """Shared memory by name only: every thread copies its own window."""
    sch = window(shared=False)
    tile = sch.cache_read("slide_update", 1, "local")
    sch.compute_at(tile, sch.get_loops("slide_update")[1])
    return sch


def turned(side=32, rows=8, shared=True, padding=1, along="i"):
    sch = Schedule(programs.scaled_transpose(72, 104))
    i, j = sch.get_loops("turn")
    block_i, tile_i = sch.split(i, [None, side])
    block_j, tile_j = sch.split(j, [None, side])
    slow, fast = (tile_j, tile_i) if along == "i" else (tile_i, tile_j)
    sch.reorder(block_j, block_i, slow, fast)
    bind(sch, by=block_j, bx=block_i, ty=sch.split(slow, [None, rows])[1], tx=fast)
    if shared:
        tile = sch.cache_read("turn", 0, "shared")
        sch.compute_at(tile, block_i)
        y, x = sch.get_loops(tile)[-2:]
        bind(sch, ty=sch.split(y, [None, rows])[1], tx=sch.split(x, [None, side])[1])
        if padding:
            sch.storage_align(tile, 0, 0, side, padding)
    return sch


def squares(threads=32):
    sch = Schedule(programs.row_squares(40, 304))
    i, j = sch.get_loops("squares")
    return bind(sch, bx=i, tx=sch.split(j, [None, threads])[1])


def squares_rows_side_by_side():
    """Four rows a block, a warp each."""
    sch = Schedule(programs.row_squares(40, 304))
    i, j = sch.get_loops("squares")
    block, y = sch.split(i, [None, 4])
    return bind(sch, bx=block, ty=y, tx=sch.split(j, [None, 32])[1])


def squares_a_row_a_thread():
    sch = Schedule(programs.row_squares(40, 304))
    return bind(sch, tx=sch.get_loops("squares")[0])


def squares_in_pieces():
    """Each thread has a contiguous piece of the row."""
    sch = Schedule(programs.row_squares(40, 304))
    i, j = sch.get_loops("squares")
    return bind(sch, bx=i, tx=sch.split(j, [64, None])[0])


def product(shape, threads=(16, 8), tile=(4, 4), depth=None, operands=True, vector=1, vectors=False, cached=True):
    """A tiled product; with ``depth`` through shared memory, fetched in vectors of ``vector``."""
    sch = Schedule(programs.product(*shape))
    i, j, r = sch.get_loops("product")
    by, ty, y = sch.split(i, [None, threads[0], tile[0]])
    bx, tx, x = sch.split(j, [None, threads[1], tile[1]])
    outer, inner = sch.split(r, [None, depth or 1])
    sch.reorder(by, bx, ty, tx, outer, inner, y, x)
    bind(sch, by=by, bx=bx, ty=ty, tx=tx)
    if cached:
        sch.reverse_compute_at(sch.cache_write("product", 0, "local"), tx)
    for operand in (0, 1):
        if depth:
            shared = sch.cache_read("product", operand, "shared")
            extents = dict(zip(("threadIdx.y", "threadIdx.x"), threads, strict=True))
            cooperative_fetch(sch, shared, outer, extents, vector)
        if operands:
            copy = sch.cache_read("product", operand, "local")
            sch.compute_at(copy, inner)
            if vectors:
                sch.vectorize(sch.get_loops(copy)[-1])
    sch.decompose_reduction("product", outer)
    return sch


SMALL, LARGE = (128, 96, 40), (128, 128, 64)
