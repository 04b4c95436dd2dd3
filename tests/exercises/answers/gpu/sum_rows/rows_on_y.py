# Blocks lie on the y axis, two rows in each.
# earns: all
summed = Schedule(programs.row_squares(40, 304))
i, j = summed.get_loops("squares")
loops = [*summed.split(i, [20, 2]), summed.split(j, [None, 32])[1]]
for loop, axis in zip(loops, ["blockIdx.y", "threadIdx.y", "threadIdx.x"]):
    summed.bind(loop, axis)
