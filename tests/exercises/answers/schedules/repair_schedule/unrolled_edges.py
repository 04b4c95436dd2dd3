# The innermost loop of the epilogue is unrolled.
# earns: all
repaired = Schedule(programs.product_leaky(12, 40, 30))
i, j, r = repaired.get_loops("product")
j0, j1 = repaired.split(j, factors=[None, 8])
repaired.reorder(j0, r, j1)
repaired.reverse_compute_at("leaky", j0)
repaired.unroll(repaired.get_loops("leaky")[-1])
repaired.vectorize(j1)
repaired.parallel(i)
repaired.decompose_reduction("product", r)
