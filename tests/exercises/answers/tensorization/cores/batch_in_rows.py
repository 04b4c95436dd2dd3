# The batch and the rows of blocks are one loop; the start is split off first.
# earns: all
on_cores = sch = Schedule(programs.half_batch(2, 64, 96, 32))


def tiles(block, name):
    (row, i), (column, j) = (sch.split(loop, [None, 16]) for loop in sch.get_loops(block)[-2:])
    sch.reorder(row, column, i, j)
    sch.tensorize(i, name)


b, i, j, p = sch.get_loops("bmm")
by, wy, i = sch.split(i, [None, 2, 16])
bx, wx, j = sch.split(j, [None, 2, 16])
po, pi, p = sch.split(p, [1, 2, 16])
sch.reorder(b, by, bx, wy, wx, po, pi, i, j, p)
rows = sch.fuse(b, by)
for axis, loop in {"blockIdx.y": rows, "blockIdx.x": bx, "threadIdx.z": wy, "threadIdx.y": wx}.items():
    sch.bind(loop, axis)
store = sch.cache_write("bmm", 0, "wmma.accumulator")
sch.reverse_compute_at(store, wx)
fill = sch.decompose_reduction("bmm", po)
for n, letter in ((1, "a"), (2, "b")):
    shared = sch.cache_read("bmm_update", n, "shared")
    fragment = sch.cache_read("bmm_update", n, f"wmma.matrix_{letter}")
    sch.compute_at(fragment, pi, preserve_unit_loops=True)
    cooperative_fetch(sch, shared, po, {"threadIdx.z": 2, "threadIdx.y": 2, "threadIdx.x": 32}, 4)
    tiles(fragment, {"a": intrinsics.WMMA_LOAD_A, "b": intrinsics.WMMA_LOAD_B}[letter])
sch.tensorize(sch.get_loops(fill)[-2], intrinsics.WMMA_FILL)
tiles(store, intrinsics.WMMA_STORE)
sch.tensorize(i, intrinsics.WMMA_MMA)
