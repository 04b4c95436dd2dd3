# The product in half precision.
# loses: numbers
program = programs.product_leaky(12, 40, 30)
repaired = Schedule(program)
repaired.unsafe_set_dtype("product", 0, "float16")
i, j, r = repaired.get_loops("product")
repaired.parallel(i)
j0, j1 = repaired.split(j, factors=[None, 8])
repaired.reorder(j0, r, j1)
repaired.vectorize(j1)
repaired.reverse_compute_at("leaky", j0)
repaired.decompose_reduction("product", r)
