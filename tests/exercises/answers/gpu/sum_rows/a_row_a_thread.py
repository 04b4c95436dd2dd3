# A row for each thread.
# loses: threads, sectors
summed = Schedule(programs.row_squares(40, 304))
i, j = summed.get_loops("squares")
summed.bind(i, "threadIdx.x")
