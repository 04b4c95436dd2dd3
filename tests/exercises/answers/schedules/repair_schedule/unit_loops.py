# Loops of one iteration are left where the epilogue moved.
# earns: all
repaired = Schedule(programs.product_leaky(12, 40, 30))
i, j, r = repaired.get_loops(repaired.get_sblock("product"))
one, j0, j1 = repaired.split(j, factors=[1, 5, 8])
repaired.reorder(i, one, j0, r, j1)
repaired.parallel(i)
repaired.vectorize(j1)
repaired.reverse_compute_at("leaky", j0, preserve_unit_loops=True)
repaired.decompose_reduction("product", r)
