# Only what is refused is repaired: the sum runs outside of the groups.
# loses: product,start,epilogue
program = programs.product_leaky(12, 40, 30)
repaired = Schedule(program)
i, j, r = repaired.get_loops("product")
repaired.parallel(i)
j0, j1 = repaired.split(j, factors=[None, 8])
repaired.reorder(r, j0, j1)
repaired.vectorize(j1)
repaired.reverse_compute_at("leaky", i)
repaired.decompose_reduction("product", r)
