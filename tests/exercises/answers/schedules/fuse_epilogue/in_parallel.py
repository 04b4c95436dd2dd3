# The rows in parallel, the start before each row.
# earns: all
fused = Schedule(programs.product_clip(20, 24, 18))
i, j, r = fused.get_loops("product")
fused.parallel(i)
fused.reverse_compute_at("clip", j)
fused.decompose_reduction("product", j)
