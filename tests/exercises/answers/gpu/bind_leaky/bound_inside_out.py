# Threads bound before blocks.
# earns: all
bound = Schedule(programs.leaky(37, 50))
i, j = bound.get_loops("leaky")
block, thread = bound.split(bound.fuse(i, j), [None, 128])
bound.bind(thread, "threadIdx.x")
bound.bind(block, "blockIdx.x")
