# The start is split off first; the operands of the update are numbered from 1.
# earns: all
staged = Schedule(programs.product(128, 128, 64))
i, j, r = staged.get_loops("product")
by, ty, y = staged.split(i, [None, 16, 4])
bx, tx, x = staged.split(j, [None, 16, 4])
ro, ri = staged.split(r, [4, 16])
staged.reorder(by, bx, ty, tx, ro, ri, y, x)
for loop, axis in zip((by, bx, ty, tx), ("blockIdx.y", "blockIdx.x", "threadIdx.y", "threadIdx.x")):
    staged.bind(loop, axis)
staged.reverse_compute_at(staged.cache_write("product", 0, "local"), tx)
staged.decompose_reduction("product", ro)
tiles = [staged.cache_read("product_update", operand, "shared") for operand in (1, 2)]
copies = [staged.cache_read("product_update", operand, "local") for operand in (1, 2)]
for copy in copies:
    staged.compute_at(copy, ri)
    staged.vectorize(staged.get_loops(copy)[-1])
for tile in tiles:
    cooperative_fetch(staged, tile, ro, {"threadIdx.y": 16, "threadIdx.x": 16}, 4)
