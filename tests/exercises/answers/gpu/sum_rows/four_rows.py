# Four rows in a block.
# earns: all
summed = Schedule(programs.row_squares(40, 304))
i, j = summed.get_loops("squares")
block, row = summed.split(i, [None, 4])
_, thread = summed.split(j, [None, 32])
summed.bind(block, "blockIdx.x")
summed.bind(row, "threadIdx.y")
summed.bind(thread, "threadIdx.x")
