# A row for each block.
# loses: threads, counters
bound = Schedule(programs.leaky(37, 50))
i, j = bound.get_loops("leaky")
bound.bind(i, "blockIdx.x")
bound.bind(j, "threadIdx.x")
