# 16 threads a row.
# loses: threads
# says: 1,280
summed = Schedule(programs.row_squares(40, 304))
i, j = summed.get_loops("squares")
_, thread = summed.split(j, [None, 16])
summed.bind(i, "blockIdx.x")
summed.bind(thread, "threadIdx.x")
