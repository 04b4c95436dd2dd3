# The copy is made before the loops are cut, and blocks of rows run in parallel.
# earns: all
lean = Schedule(programs.product(48, 56, 40))
out = lean.cache_write(lean.get_sblock("product"), 0, "local")
(i0, i1), (j0, j1), (r,) = (
    lean.split(loop, factors) if factors else [loop]
    for loop, factors in zip(lean.get_loops("product"), ([3, 16], [4, 14], None))
)
lean.reorder(i0, j0, r, i1, j1)
lean.reverse_compute_at(out, j0, preserve_unit_loops=True)
lean.parallel(i0)
