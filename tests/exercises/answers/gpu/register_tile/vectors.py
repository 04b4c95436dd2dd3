# The copies of the operands are vectors; the start stays in the loop of the sum.
# earns: all
tiled = Schedule(programs.product(128, 96, 40))
i, j, r = tiled.get_loops("product")
by, ty, y = tiled.split(i, [None, 8, 4])
bx, tx, x = tiled.split(j, [None, 8, 4])
tiled.reorder(by, bx, ty, tx, r, y, x)
tiled.bind(by, "blockIdx.y")
tiled.bind(bx, "blockIdx.x")
tiled.bind(ty, "threadIdx.y")
tiled.bind(tx, "threadIdx.x")
tiled.reverse_compute_at(tiled.cache_write("product", 0, "local"), tx)
for operand in range(2):
    copy = tiled.cache_read("product", operand, "local")
    tiled.compute_at(copy, r)
    tiled.vectorize(tiled.get_loops(copy)[-1])
