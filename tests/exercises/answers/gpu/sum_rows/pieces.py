# Each thread has a piece of the row.
# loses: sectors
summed = Schedule(programs.row_squares(40, 304))
i, j = summed.get_loops("squares")
thread, _ = summed.split(j, [64, None])
summed.bind(i, "blockIdx.x")
summed.bind(thread, "threadIdx.x")
