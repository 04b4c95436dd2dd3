# A scalar kernel.
# loses: cuda, counters, traffic
on_cores = Schedule(programs.half_batch(2, 64, 96, 32))
b, i, j, p = on_cores.get_loops("bmm")
on_cores.bind(b, "blockIdx.y")
on_cores.bind(i, "blockIdx.x")
on_cores.bind(j, "threadIdx.x")
