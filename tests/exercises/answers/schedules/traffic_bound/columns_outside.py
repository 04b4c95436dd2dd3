# Tiles go down the columns first.
# earns: all
lean = Schedule(programs.product(48, 56, 40))
i, j, r = lean.get_loops("product")
j0, j1 = lean.split(j, factors=[None, 16])
i0, i1 = lean.split(i, factors=[None, 16])
lean.reorder(j0, i0, r, i1, j1)
copy = lean.cache_write("product", 0, "local")
lean.reverse_compute_at(copy, i0)
