# Blocks found by get_sblock.
# earns: all
bound = Schedule(programs.leaky(37, 50))
i, j = bound.get_loops(bound.get_sblock("leaky"))
block, thread = bound.split(bound.fuse(i, j), [None, 128])
bound.bind(block, "blockIdx.x")
bound.bind(thread, "threadIdx.x")
