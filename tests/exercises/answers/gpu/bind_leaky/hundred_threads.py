# 100 threads, no multiple of 32.
# loses: threads, counters
bound = Schedule(programs.leaky(37, 50))
i, j = bound.get_loops("leaky")
block, thread = bound.split(bound.fuse(i, j), [None, 100])
bound.bind(block, "blockIdx.x")
bound.bind(thread, "threadIdx.x")
