# Columns outside of rows.
# earns: all
accelerated = None
accelerated = Schedule(programs.batch(3, 8, 12, 16, microkernel.llvm_ir()))
b, i, j, p = accelerated.get_loops("bmm")
io, i = accelerated.split(i, [None, 4])
jo, j = accelerated.split(j, [None, 4])
po, p = accelerated.split(p, [None, 4])
accelerated.reorder(jo, io, po, i, j, p)
store = accelerated.cache_write("bmm", 0, "global.toy_acc")
accelerated.reverse_compute_at(store, io)
loads = [("global.toy_a", intrinsics.TOY_LOAD_A), ("global.toy_b", intrinsics.TOY_LOAD_B)]
for operand, (scope, instruction) in enumerate(loads):
    copy = accelerated.cache_read("bmm", operand, scope)
    accelerated.compute_at(copy, po, preserve_unit_loops=True)
    accelerated.tensorize(accelerated.get_loops(copy)[-2], instruction)
clear = accelerated.decompose_reduction("bmm", po)
accelerated.tensorize(accelerated.get_loops(clear)[-2], intrinsics.TOY_CLEAR)
accelerated.tensorize(accelerated.get_loops(store)[-2], intrinsics.TOY_STORE)
accelerated.tensorize(i, intrinsics.TOY_MAC_TILES)
