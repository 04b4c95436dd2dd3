# The threads of the copy and of the product are cut from fused loops.
# earns: all
turned = Schedule(programs.scaled_transpose(72, 104))
i, j = turned.get_loops("turn")
(bi, i), (bj, j) = (turned.split(loop, [None, 32]) for loop in (i, j))
turned.reorder(bi, bj, j, i)
tile = turned.cache_read("turn", 0, "shared")
turned.compute_at(tile, bj)
for loops in ((j, i), turned.get_loops(tile)[-2:]):
    _, y, x = turned.split(turned.fuse(*loops), [None, 4, 32])
    turned.bind(y, "threadIdx.y")
    turned.bind(x, "threadIdx.x")
turned.bind(bi, "blockIdx.x")
turned.bind(bj, "blockIdx.y")
turned.storage_align(tile, 0, axis=0, factor=32, offset=5)
