# 512 threads.
# earns: all
bound = Schedule(programs.leaky(37, 50))
i, j = bound.get_loops("leaky")
block, thread = bound.split(bound.fuse(i, j), [None, 512])
bound.bind(block, "blockIdx.x")
bound.bind(thread, "threadIdx.x")
