# Blocks on other axes.
# earns: all
on_cores = None
on_cores = Schedule(programs.half_batch(2, 64, 96, 32))


def tensorize_tiles(sch, block, instruction):
    rows, columns = sch.get_loops(block)[-2:]
    row, i = sch.split(rows, [None, 16])
    column, j = sch.split(columns, [None, 16])
    sch.reorder(row, column, i, j)
    sch.tensorize(i, instruction)


b, i, j, p = on_cores.get_loops("bmm")
by, wy, y, i = on_cores.split(i, [None, 2, 1, 16])
bx, wx, x, j = on_cores.split(j, [None, 2, 1, 16])
po, pi, p = on_cores.split(p, [None, 2, 16])
on_cores.reorder(b, by, bx, wy, wx, po, pi, y, x, i, j, p)
axes = {"blockIdx.y": b, "blockIdx.x": by, "blockIdx.z": bx, "threadIdx.z": wy, "threadIdx.y": wx}
for axis, loop in axes.items():
    on_cores.bind(loop, axis)
store = on_cores.cache_write("bmm", 0, "wmma.accumulator")
on_cores.reverse_compute_at(store, wx)
threads = {"threadIdx.z": 2, "threadIdx.y": 2, "threadIdx.x": 32}
fragments = [("wmma.matrix_a", intrinsics.WMMA_LOAD_A), ("wmma.matrix_b", intrinsics.WMMA_LOAD_B)]
for operand, (scope, instruction) in enumerate(fragments):
    cooperative_fetch(on_cores, on_cores.cache_read("bmm", operand, "shared"), po, threads, 8)
    fragment = on_cores.cache_read("bmm", operand, scope)
    on_cores.compute_at(fragment, pi, preserve_unit_loops=True)
    tensorize_tiles(on_cores, fragment, instruction)
fill = on_cores.decompose_reduction("bmm", po)
on_cores.tensorize(on_cores.get_loops(fill)[-2], intrinsics.WMMA_FILL)
tensorize_tiles(on_cores, store, intrinsics.WMMA_STORE)
on_cores.tensorize(i, intrinsics.WMMA_MMA)
