# Two axes of threads.
# earns: all
bound = Schedule(programs.leaky(37, 50))
i, j = bound.get_loops("leaky")
block, row, thread = bound.split(bound.fuse(i, j), [None, 4, 32])
bound.bind(row, "threadIdx.y")
bound.bind(block, "blockIdx.x")
bound.bind(thread, "threadIdx.x")
