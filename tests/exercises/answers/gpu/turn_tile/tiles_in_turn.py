# A block of threads takes three tiles in turn.
# earns: all
turned = Schedule(programs.scaled_transpose(72, 104))
i, j = turned.get_loops("turn")
bi, i = turned.split(i, [None, 32])
bj, j = turned.split(j, [None, 32])
turned.reorder(bj, bi, j, i)
turned.bind(bj, "blockIdx.x")
turned.bind(turned.split(j, [None, 8])[1], "threadIdx.y")
turned.bind(i, "threadIdx.x")
tile = turned.cache_read("turn", 0, "shared")
cooperative_fetch(turned, tile, bi, {"threadIdx.y": 8, "threadIdx.x": 32})
turned.storage_align(tile, 0, 0, 32, 1)
