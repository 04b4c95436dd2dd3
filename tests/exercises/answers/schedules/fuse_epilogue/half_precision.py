# The intermediate in half precision, as if memory were all that counts.
# loses: numbers
program = programs.product_clip(20, 24, 18)
fused = Schedule(program)
i, j, r = fused.get_loops("product")
fused.unsafe_set_dtype("product", 0, "float16")
fused.reverse_compute_at("clip", j)
fused.decompose_reduction("product", r)
