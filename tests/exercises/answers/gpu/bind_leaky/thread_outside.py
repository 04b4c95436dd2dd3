# The outer loop is bound to threads.
# loses: threads, counters
bound = Schedule(programs.leaky(37, 50))
i, j = bound.get_loops("leaky")
block, thread = bound.split(bound.fuse(i, j), [None, 16])
bound.bind(block, "blockIdx.x")
bound.bind(thread, "threadIdx.x")
