# Rows and columns fused to one loop.
# earns: all
fused = Schedule(programs.product_clip(20, 24, 18))
i, j, r = fused.get_loops("product")
both = fused.fuse(i, j)
fused.reverse_compute_at("clip", both)
fused.decompose_reduction("product", r)
