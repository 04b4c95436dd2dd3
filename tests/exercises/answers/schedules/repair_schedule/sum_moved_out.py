# The sum is moved outside first, then the columns are cut.
# earns: all
repaired = Schedule(programs.product_leaky(12, 40, 30))
i, j, r = repaired.get_loops("product")
groups, eight = repaired.split(j, factors=[5, 8])
repaired.reorder(r, groups, eight)
repaired.reorder(groups, r)
repaired.reverse_compute_at("leaky", groups)
repaired.parallel(i)
repaired.vectorize(eight)
repaired.decompose_reduction("product", r)
