# Blocks of 32 by 32.
# loses: bytes, requests
staged = Schedule(programs.product(128, 128, 64))
i, j, r = staged.get_loops("product")
block_y, thread_y, y = staged.split(i, [None, 8, 4])
block_x, thread_x, x = staged.split(j, [None, 8, 4])
tiles, inner = staged.split(r, [None, 16])
staged.reorder(block_y, block_x, thread_y, thread_x, tiles, inner, y, x)
for loop, axis in [(block_y, "blockIdx.y"), (block_x, "blockIdx.x"), (thread_y, "threadIdx.y"), (thread_x, "threadIdx.x")]:
    staged.bind(loop, axis)
staged.reverse_compute_at(staged.cache_write("product", 0, "local"), thread_x)
for operand in (0, 1):
    tile = staged.cache_read("product", operand, "shared")
    cooperative_fetch(staged, tile, tiles, {"threadIdx.y": 8, "threadIdx.x": 8}, vector=4)
    copy = staged.cache_read("product", operand, "local")
    staged.compute_at(copy, inner)
    staged.vectorize(staged.get_loops(copy)[-1])
staged.decompose_reduction("product", tiles)
