# The tile of the output lies in shared memory.
# earns: all
turned = Schedule(programs.scaled_transpose(72, 104))
store = turned.cache_write("turn", 0, "shared")
i, j = turned.get_loops("turn")
bi, i = turned.split(i, [None, 32])
bj, j = turned.split(j, [None, 32])
turned.reorder(bi, bj, i, j)
turned.bind(bi, "blockIdx.y")
turned.bind(bj, "blockIdx.x")
turned.reverse_compute_at(store, bj)
turned.bind(turned.split(i, [None, 8])[1], "threadIdx.y")
turned.bind(j, "threadIdx.x")
rows, columns = turned.get_loops(store)[-2:]
turned.bind(turned.split(rows, [None, 8])[1], "threadIdx.y")
turned.bind(turned.split(columns, [None, 32])[1], "threadIdx.x")
turned.storage_align("turn", 0, 0, 32, 1)
