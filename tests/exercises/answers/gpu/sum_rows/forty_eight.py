# 48 threads, no power of two: a race.
# loses: all
# says: DataRace
summed = Schedule(programs.row_squares(40, 304))
i, j = summed.get_loops("squares")
_, thread = summed.split(j, [None, 48])
summed.bind(i, "blockIdx.x")
summed.bind(thread, "threadIdx.x")
