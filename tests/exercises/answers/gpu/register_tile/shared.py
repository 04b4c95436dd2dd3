# With shared memory.
# loses: loads
tiled = Schedule(programs.product(128, 96, 40))
i, j, r = tiled.get_loops("product")
block_y, thread_y, y = tiled.split(i, [None, 16, 4])
block_x, thread_x, x = tiled.split(j, [None, 8, 4])
tiled.reorder(block_y, block_x, thread_y, thread_x, r, y, x)
for loop, axis in [(block_y, "blockIdx.y"), (block_x, "blockIdx.x"), (thread_y, "threadIdx.y"), (thread_x, "threadIdx.x")]:
    tiled.bind(loop, axis)
tiled.reverse_compute_at(tiled.cache_write("product", 0, "local"), thread_x)
for operand in (0, 1):
    tiled.compute_at(tiled.cache_read("product", operand, "local"), r)
    cooperative_fetch(tiled, tiled.cache_read(tiled.get_sblock("P_local" if operand == 0 else "Q_local"), 0, "shared"), r, {"threadIdx.y": 16, "threadIdx.x": 8})
tiled.decompose_reduction("product", r)
