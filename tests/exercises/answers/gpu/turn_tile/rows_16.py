# 16 rows of threads.
# earns: all
turned = Schedule(programs.scaled_transpose(72, 104))
i, j = turned.get_loops("turn")
block_i, tile_i = turned.split(i, [None, 32])
block_j, tile_j = turned.split(j, [None, 32])
turned.reorder(block_j, block_i, tile_j, tile_i)
turned.bind(block_j, "blockIdx.y")
turned.bind(block_i, "blockIdx.x")
_, thread_y = turned.split(tile_j, [None, 16])
turned.bind(thread_y, "threadIdx.y")
turned.bind(tile_i, "threadIdx.x")
tile = turned.cache_read("turn", 0, "shared")
turned.compute_at(tile, block_i)
rows, columns = turned.get_loops(tile)[-2:]
turned.bind(turned.split(rows, [None, 16])[1], "threadIdx.y")
turned.bind(turned.split(columns, [None, 32])[1], "threadIdx.x")
turned.storage_align(tile, 0, 0, 32, 1)
