# The initial value stays inside the block of the sum.
# loses: decomposed
program = programs.product_clip(20, 24, 18)
fused = Schedule(program)
i, j, r = fused.get_loops("product")
fused.reverse_compute_at("clip", j)
