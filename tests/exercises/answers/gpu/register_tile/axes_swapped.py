# The x axis goes over rows.
# earns: all
tiled = Schedule(programs.product(128, 96, 40))


def cut(loop, threads, block_axis, thread_axis):
    block, thread, own = tiled.split(loop, [None, threads, 4])
    tiled.bind(block, block_axis)
    tiled.bind(thread, thread_axis)
    return block, thread, own


i, j, r = tiled.get_loops("product")
bi, ti, i = cut(i, 8, "blockIdx.x", "threadIdx.x")
bj, tj, j = cut(j, 8, "blockIdx.y", "threadIdx.y")
tiled.reorder(bi, bj, tj, ti, r, i, j)
tiled.reverse_compute_at(tiled.cache_write("product", 0, "local"), ti)
tiled.compute_at(tiled.cache_read("product", 0, "local"), r)
tiled.compute_at(tiled.cache_read("product", 1, "local"), r)
tiled.decompose_reduction("product", r)
