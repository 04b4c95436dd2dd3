# The product moved into the loops of what follows it.
# earns: all
program = programs.product_leaky(12, 40, 30)
repaired = Schedule(program)
i, j = repaired.get_loops("leaky")
repaired.parallel(i)
j0, j1 = repaired.split(j, factors=[None, 8])
repaired.compute_at("product", j0)
eight, terms = repaired.get_loops("product")[-2:]
repaired.reorder(terms, eight)
repaired.vectorize(eight)
repaired.decompose_reduction("product", terms)
