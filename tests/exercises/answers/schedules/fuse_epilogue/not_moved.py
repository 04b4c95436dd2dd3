# Decomposed alone: the epilogue is still a second pass.
# loses: epilogue,memory
program = programs.product_clip(20, 24, 18)
fused = Schedule(program)
i, j, r = fused.get_loops("product")
fused.decompose_reduction("product", r)
