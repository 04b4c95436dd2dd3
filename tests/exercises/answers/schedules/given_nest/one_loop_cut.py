# All loops fused into one, which is cut into five, and then put in order.
# earns: all
program = programs.product(24, 36, 20)
nested = Schedule(program)
everything = nested.fuse(*nested.get_loops("product"))
i0, i1, j0, j1, r = nested.split(everything, factors=[6, 4, 4, 9, 20])
nested.reorder(i0, j0, r, i1, j1)
