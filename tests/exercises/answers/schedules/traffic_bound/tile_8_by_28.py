# Half rows.
# earns: all
lean = Schedule(programs.product(48, 56, 40))
i, j, r = lean.get_loops("product")
i0, i1 = lean.split(i, factors=[None, 8])
j0, j1 = lean.split(j, factors=[None, 28])
lean.reorder(i0, j0, r, i1, j1)
lean.reverse_compute_at(lean.cache_write("product", 0, "local"), j0)
