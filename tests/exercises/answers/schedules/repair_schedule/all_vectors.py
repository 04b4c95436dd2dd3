# Decomposed before the epilogue moves; the loops that are not judged are vectors as well.
# earns: all
program = programs.product_leaky(12, 40, 30)
repaired = Schedule(program)
i, j, r = repaired.get_loops("product")
j0, j1 = repaired.split(j, factors=[5, 8])
repaired.reorder(i, j0, r, j1)
repaired.vectorize(j1)
repaired.parallel(i)
repaired.decompose_reduction("product", r)
repaired.reverse_compute_at("leaky", j0)
repaired.vectorize(repaired.get_loops("leaky")[-1])
