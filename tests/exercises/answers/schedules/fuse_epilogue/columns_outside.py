# The columns outside of the rows, the epilogue after each column.
# earns: all
program = programs.product_clip(20, 24, 18)
fused = Schedule(program)
i, j, r = fused.get_loops("product")
fused.reorder(j, i)
fused.reverse_compute_at("clip", j)
fused.decompose_reduction("product", r)
