# The epilogue at every step of the sum.
# loses: epilogue
program = programs.product_clip(20, 24, 18)
fused = Schedule(program)
i, j, r = fused.get_loops("product")
fused.reverse_compute_at("clip", r)
fused.decompose_reduction("product", r)
