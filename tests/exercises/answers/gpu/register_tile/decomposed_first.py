# The start is split off first; the operands of the update are numbered from 1.
# earns: all
tiled = Schedule(programs.product(128, 96, 40))
out = tiled.cache_write("product", 0, "local")
i, j, r = tiled.get_loops("product")
by, ty, y = tiled.split(i, [None, 16, 4])
bx, tx, x = tiled.split(j, [None, 8, 4])
tiled.reorder(by, bx, ty, tx, r, y, x)
for loop, axis in zip((by, bx, ty, tx), ("blockIdx.y", "blockIdx.x", "threadIdx.y", "threadIdx.x")):
    tiled.bind(loop, axis)
tiled.reverse_compute_at(out, tx)
tiled.decompose_reduction("product", r)
for operand in (1, 2):
    tiled.compute_at(tiled.cache_read("product_update", operand, "local"), r)
