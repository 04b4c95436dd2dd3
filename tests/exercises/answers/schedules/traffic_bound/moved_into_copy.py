# The tiles are made in the loops of the copy, and the product moves into them.
# earns: all
program = programs.product(48, 56, 40)
lean = Schedule(program)
copy = lean.cache_write("product", 0, "local")
i, j = lean.get_loops(copy)
i0, i1 = lean.split(i, factors=[4, 12])
j0, j1 = lean.split(j, factors=[4, 14])
lean.reorder(i0, j0, i1, j1)
lean.compute_at("product", j0)
ii, jj, r = lean.get_loops("product")[-3:]
lean.reorder(r, ii, jj)
