# Threads go down the columns.
# loses: counters
bound = Schedule(programs.leaky(37, 50))
i, j = bound.get_loops("leaky")
bound.reorder(j, i)
block, thread = bound.split(bound.fuse(j, i), [None, 128])
bound.bind(block, "blockIdx.x")
bound.bind(thread, "threadIdx.x")
