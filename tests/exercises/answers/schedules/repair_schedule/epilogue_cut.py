# The epilogue is cut like the product before the product moves into it.
# earns: all
repaired = Schedule(programs.product_leaky(12, 40, 30))
row, column = repaired.get_loops("leaky")
group, lane = repaired.split(column, factors=[5, 8])
repaired.compute_at("product", group)
*_, lane, term = repaired.get_loops("product")
repaired.reorder(term, lane)
repaired.vectorize(lane)
repaired.parallel(row)
repaired.decompose_reduction("product", term)
