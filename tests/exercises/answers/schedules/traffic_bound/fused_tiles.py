# One loop over all tiles.
# earns: all
lean = Schedule(programs.product(48, 56, 40))
i, j, r = lean.get_loops("product")
i0, i1 = lean.split(i, factors=[3, 16])
j0, j1 = lean.split(j, factors=[4, 14])
lean.reorder(i0, j0, r, i1, j1)
tile = lean.fuse(i0, j0)
copy = lean.cache_write("product", 0, "local")
lean.reverse_compute_at(copy, tile)
lean.unroll(i1)
