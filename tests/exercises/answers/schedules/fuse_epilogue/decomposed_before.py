# Decomposed before the epilogue moves.
# earns: all
fused = Schedule(programs.product_clip(20, 24, 18))
product, clip = fused.get_sblock("product"), fused.get_sblock("clip")
row, column, term = fused.get_loops(product)
fused.decompose_reduction(product, term)
fused.reverse_compute_at(clip, column)
