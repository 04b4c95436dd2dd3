# 48 threads, no power of two: a race.
# loses: all
# says: DataRace
# says: TVM's own, made for a sum across threads
# says: at most 32 or a multiple of 32
# says-not: there must be a barrier
# says-not: 之前必须有屏障
summed = Schedule(programs.row_squares(40, 304))
i, j = summed.get_loops("squares")
_, thread = summed.split(j, [None, 48])
summed.bind(i, "blockIdx.x")
summed.bind(thread, "threadIdx.x")
