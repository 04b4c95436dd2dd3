# The number of blocks is stated.
# earns: all
bound = Schedule(programs.leaky(37, 50))
i, j = bound.get_loops("leaky")
block, thread = bound.split(bound.fuse(i, j), [15, 128])
bound.bind(block, "blockIdx.x")
bound.bind(thread, "threadIdx.x")
