# Pairs of columns, unrolled.
# earns: all
fused = Schedule(programs.product_clip(20, 24, 18))
i, j, r = fused.get_loops("product")
pairs, two = fused.split(j, factors=[12, 2])
fused.reorder(pairs, r, two)
fused.unroll(two)
fused.reverse_compute_at("clip", pairs, preserve_unit_loops=True)
fused.decompose_reduction("product", r)
