# Found by get_sblock.
# earns: all
summed = Schedule(programs.row_squares(40, 304))
i, j = summed.get_loops(summed.get_sblock("squares"))
_, thread = summed.split(j, [None, 64])
summed.bind(i, "blockIdx.x")
summed.bind(thread, "threadIdx.x")
