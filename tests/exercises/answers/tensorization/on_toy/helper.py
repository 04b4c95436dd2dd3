# A function tensorizes every block by its last two or three loops.
# earns: all
def use(sch, block, name, loops=2):
    sch.tensorize(sch.get_loops(block)[-loops], name)


accelerated = sch = Schedule(programs.batch(3, 8, 12, 16, microkernel.llvm_ir()))
bmm = sch.get_sblock("bmm")
b, *loops = sch.get_loops(bmm)
tiles = [sch.split(loop, factors=[None, 4], preserve_unit_iters=True) for loop in loops]
sch.reorder(b, *(outer for outer, _ in tiles), *(inner for _, inner in tiles))
rows, columns, steps = (outer for outer, _ in tiles)
back = sch.cache_write(bmm, 0, "global.toy_acc")
sch.reverse_compute_at(back, columns, preserve_unit_loops=True)
for n, letter in enumerate("ab"):
    load = sch.cache_read(bmm, n, f"global.toy_{letter}")
    sch.compute_at(load, steps, preserve_unit_loops=True)
    use(sch, load, [intrinsics.TOY_LOAD_A, intrinsics.TOY_LOAD_B][n])
use(sch, sch.decompose_reduction(bmm, steps), intrinsics.TOY_CLEAR)
use(sch, back, intrinsics.TOY_STORE)
use(sch, bmm, intrinsics.TOY_MAC_TILES, loops=3)
