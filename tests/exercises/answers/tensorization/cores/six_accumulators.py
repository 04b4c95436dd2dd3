# Each warp has two by three accumulators.
# earns: all
on_cores = sch = Schedule(programs.half_batch(2, 64, 96, 32))


def tiles(block, name):
    (row, i), (column, j) = (sch.split(loop, [None, 16]) for loop in sch.get_loops(block)[-2:])
    sch.reorder(row, column, i, j)
    sch.tensorize(i, name)


b, i, j, p = sch.get_loops("bmm")
by, wy, y, i = sch.split(i, [1, 2, 2, 16])
bx, wx, x, j = sch.split(j, [None, 1, 3, 16])
po, pi, p = sch.split(p, [2, 1, 16])
sch.reorder(b, by, bx, wy, wx, po, pi, y, x, i, j, p)
for loop, axis in zip((b, by, bx, wy, wx), ("blockIdx.z", "blockIdx.y", "blockIdx.x", "threadIdx.z", "threadIdx.y")):
    sch.bind(loop, axis)
store = sch.cache_write("bmm", 0, "wmma.accumulator")
sch.reverse_compute_at(store, wx)
for n, (letter, name) in enumerate([("a", intrinsics.WMMA_LOAD_A), ("b", intrinsics.WMMA_LOAD_B)]):
    shared = sch.cache_read("bmm", n, "shared")
    cooperative_fetch(sch, shared, po, {"threadIdx.z": 2, "threadIdx.y": 1, "threadIdx.x": 32}, 8)
    fragment = sch.cache_read("bmm", n, f"wmma.matrix_{letter}")
    sch.compute_at(fragment, pi, preserve_unit_loops=True)
    tiles(fragment, name)
tiles(sch.decompose_reduction("bmm", po), intrinsics.WMMA_FILL)
tiles(store, intrinsics.WMMA_STORE)
sch.tensorize(i, intrinsics.WMMA_MMA)
