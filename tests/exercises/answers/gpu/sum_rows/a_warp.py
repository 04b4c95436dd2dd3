# A warp a row.
# earns: all
summed = Schedule(programs.row_squares(40, 304))
i, j = summed.get_loops("squares")
_, thread = summed.split(j, [None, 32])
summed.bind(i, "blockIdx.x")
summed.bind(thread, "threadIdx.x")
