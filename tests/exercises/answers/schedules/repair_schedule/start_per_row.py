# The initial values of a whole row before its groups.
# loses: start
program = programs.product_leaky(12, 40, 30)
repaired = Schedule(program)
i, j, r = repaired.get_loops("product")
repaired.parallel(i)
j0, j1 = repaired.split(j, factors=[None, 8])
repaired.reorder(j0, r, j1)
repaired.vectorize(j1)
repaired.reverse_compute_at("leaky", j0)
repaired.decompose_reduction("product", j0)
