# Tiles of sixteen by sixteen in the cache, none in registers.
# loses: easy,hard
program = programs.product(48, 56, 40)
lean = Schedule(program)
i, j, r = lean.get_loops("product")
i0, i1 = lean.split(i, factors=[None, 16])
j0, j1 = lean.split(j, factors=[None, 16])
lean.reorder(i0, j0, r, i1, j1)
