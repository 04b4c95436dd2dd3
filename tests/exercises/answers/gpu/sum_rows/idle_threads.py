# A row for each thread, read through shared memory; 1,240 threads are idle.
# loses: threads
summed = Schedule(programs.row_squares(40, 304))
i, j = summed.get_loops("squares")
block, thread = summed.split(i, [None, 128])
outer, inner = summed.split(j, [None, 76])
summed.bind(block, "blockIdx.x")
summed.bind(thread, "threadIdx.x")
total = summed.cache_write("squares", 0, "local")
summed.reverse_compute_at(total, thread)
tile = summed.cache_read("squares", 0, "shared")
cooperative_fetch(summed, tile, outer, {"threadIdx.x": 128})
summed.decompose_reduction("squares", outer)
