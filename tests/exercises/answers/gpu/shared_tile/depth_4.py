# Depth 4: most threads have nothing to fetch.
# earns: all
staged = Schedule(programs.product(128, 128, 64))
row, column, step = staged.get_loops("product")
by, ty, y = staged.split(row, [None, 16, 4])
bx, tx, x = staged.split(column, [None, 16, 4])
outer, inner = staged.split(step, factors=[None, 4])
staged.reorder(by, bx, ty, tx, outer, inner, x, y)
for axis, loop in {"blockIdx.y": by, "blockIdx.x": bx, "threadIdx.y": ty, "threadIdx.x": tx}.items():
    staged.bind(loop, axis)
staged.reverse_compute_at(staged.cache_write("product", 0, "local"), tx)
for operand in (0, 1):
    tile = staged.cache_read("product", operand, "shared")
    cooperative_fetch(staged, tile, outer, {"threadIdx.y": 16, "threadIdx.x": 16}, vector=4)
    copy = staged.cache_read("product", operand, "local")
    staged.compute_at(copy, inner)
    staged.vectorize(staged.get_loops(copy)[-1])
staged.decompose_reduction("product", outer)
