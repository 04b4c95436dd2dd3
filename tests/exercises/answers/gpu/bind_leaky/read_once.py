# X is read to a register once.
# earns: all
bound = Schedule(programs.leaky(37, 50))
block, thread = bound.split(bound.fuse(*bound.get_loops("leaky")), factors=[None, 256])
bound.bind(block, "blockIdx.x")
bound.bind(thread, "threadIdx.x")
bound.compute_at(bound.cache_read("leaky", 0, "local"), thread)
