# The fetch written out.
# earns: all
staged = Schedule(programs.product(128, 128, 64))
threads = ("threadIdx.y", "threadIdx.x")
i, j, r = staged.get_loops("product")
by, ty, y = staged.split(i, [2, 16, 4])
bx, tx, x = staged.split(j, [2, 16, 4])
ro, ri = staged.split(r, [4, 16])
staged.reorder(bx, by, ty, tx, ro, ri, y, x)
for loop, axis in zip((by, bx, ty, tx), ("blockIdx.y", "blockIdx.x", *threads)):
    staged.bind(loop, axis)
staged.reverse_compute_at(staged.cache_write("product", 0, "local"), tx)
for operand in (0, 1):
    tile = staged.cache_read("product", operand, "shared")
    staged.compute_at(tile, ro)
    lanes = staged.split(staged.fuse(*staged.get_loops(tile)[-2:]), [16, 16, 4])
    staged.bind(lanes[0], threads[0])
    staged.bind(lanes[1], threads[1])
    staged.vectorize(lanes[2])
    copy = staged.cache_read("product", operand, "local")
    staged.compute_at(copy, ri)
    staged.vectorize(staged.get_loops(copy)[-1])
staged.decompose_reduction("product", ro)
