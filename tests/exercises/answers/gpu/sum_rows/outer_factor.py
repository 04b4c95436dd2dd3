# The number of steps is stated; threads are bound first.
# earns: all
summed = Schedule(programs.row_squares(40, 304))
i, j = summed.get_loops("squares")
step, thread = summed.split(j, [5, 64])
summed.bind(thread, "threadIdx.x")
summed.bind(i, "blockIdx.x")
