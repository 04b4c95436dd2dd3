# The producer moved into the loops of its consumer.
# earns: all
program = programs.product_clip(20, 24, 18)
fused = Schedule(program)
row, column = fused.get_loops("clip")
fused.compute_at("product", column)
fused.decompose_reduction("product", fused.get_loops("product")[-1])
