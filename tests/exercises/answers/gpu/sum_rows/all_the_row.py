# 256 threads, more than half a row.
# earns: all
summed = Schedule(programs.row_squares(40, 304))
i, j = summed.get_loops("squares")
_, thread = summed.split(j, [None, 256])
summed.bind(i, "blockIdx.x")
summed.bind(thread, "threadIdx.x")
