# The epilogue after each row, and the initial values of a whole row before its sums.
# earns: all
program = programs.product_clip(20, 24, 18)
fused = Schedule(program)
i, j, r = fused.get_loops("product")
fused.reorder(i, r, j)
fused.decompose_reduction("product", r)
fused.reverse_compute_at("clip", i)
