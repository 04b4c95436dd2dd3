# Without shared memory.
# loses: coalesced, banks
turned = Schedule(programs.scaled_transpose(72, 104))
i, j = turned.get_loops("turn")
block_i, tile_i = turned.split(i, [None, 8])
block_j, tile_j = turned.split(j, [None, 32])
turned.reorder(block_i, block_j, tile_i, tile_j)
for loop, axis in ((block_i, "blockIdx.y"), (block_j, "blockIdx.x"), (tile_i, "threadIdx.y"), (tile_j, "threadIdx.x")):
    turned.bind(loop, axis)
