# The start is split off before the operands are copied; the operands of the update are numbered from 1.
# earns: all
accelerated = Schedule(programs.batch(3, 8, 12, 16, microkernel.llvm_ir()))
store = accelerated.cache_write("bmm", 0, "global.toy_acc")
_, i, j, p = accelerated.get_loops("bmm")
(io, i), (jo, j), (po, p) = (accelerated.split(loop, [None, 4]) for loop in (i, j, p))
accelerated.reorder(io, jo, po, i, j, p)
accelerated.reverse_compute_at(store, jo)
clear = accelerated.decompose_reduction("bmm", po)
copies = [accelerated.cache_read("bmm_update", n, scope) for n, scope in ((1, "global.toy_a"), (2, "global.toy_b"))]
for copy in copies:
    accelerated.compute_at(copy, po, preserve_unit_loops=True)
names = [intrinsics.TOY_LOAD_A, intrinsics.TOY_LOAD_B, intrinsics.TOY_CLEAR, intrinsics.TOY_STORE]
for block, name in zip([*copies, clear, store], names):
    accelerated.tensorize(accelerated.get_loops(block)[-2], name)
accelerated.tensorize(i, intrinsics.TOY_MAC_TILES)
