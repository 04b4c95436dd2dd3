# Each thread copies all it will ever need to registers, more than it has.
# loses: loads
# says: what one step needs
tiled = Schedule(programs.product(128, 96, 40))
i, j, r = tiled.get_loops("product")
block_y, thread_y, y = tiled.split(i, [None, 16, 4])
block_x, thread_x, x = tiled.split(j, [None, 8, 4])
tiled.reorder(block_y, block_x, thread_y, thread_x, r, y, x)
for loop, axis in [(block_y, "blockIdx.y"), (block_x, "blockIdx.x"), (thread_y, "threadIdx.y"), (thread_x, "threadIdx.x")]:
    tiled.bind(loop, axis)
tiled.reverse_compute_at(tiled.cache_write("product", 0, "local"), thread_x)
for operand in (1, 0):
    tiled.compute_at(tiled.cache_read("product", operand, "local"), thread_x)
tiled.decompose_reduction("product", r)
