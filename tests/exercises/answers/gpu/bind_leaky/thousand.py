# 1024 threads.
# loses: threads
bound = Schedule(programs.leaky(37, 50))
i, j = bound.get_loops("leaky")
block, thread = bound.split(bound.fuse(i, j), [None, 1024])
bound.bind(block, "blockIdx.x")
bound.bind(thread, "threadIdx.x")
