# Each thread copies the whole tile to its registers.
# loses: bytes
# says: what one step of the sum needs
staged = Schedule(programs.product(128, 128, 64))
i, j, r = staged.get_loops("product")
block_y, thread_y, y = staged.split(i, [None, 16, 4])
block_x, thread_x, x = staged.split(j, [None, 16, 4])
tiles, inner = staged.split(r, [None, 8])
staged.reorder(block_y, block_x, thread_y, thread_x, tiles, inner, y, x)
for loop, axis in [(block_y, "blockIdx.y"), (block_x, "blockIdx.x"), (thread_y, "threadIdx.y"), (thread_x, "threadIdx.x")]:
    staged.bind(loop, axis)
staged.reverse_compute_at(staged.cache_write("product", 0, "local"), thread_x)
for operand in (0, 1):
    tile = staged.cache_read("product", operand, "shared")
    cooperative_fetch(staged, tile, tiles, {"threadIdx.y": 16, "threadIdx.x": 16}, vector=4)
    copy = staged.cache_read("product", operand, "local")
    staged.vectorize(staged.get_loops(copy)[-1])
staged.decompose_reduction("product", tiles)
