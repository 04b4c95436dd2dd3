# Two rows of sums are kept before the epilogue.
# loses: memory
program = programs.product_clip(20, 24, 18)
fused = Schedule(program)
i, j, r = fused.get_loops("product")
i0, i1 = fused.split(i, [None, 2])
fused.reverse_compute_at("clip", i0)
fused.decompose_reduction("product", r)
