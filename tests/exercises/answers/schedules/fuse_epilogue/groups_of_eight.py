# Groups of eight columns as vectors, the rows in parallel.
# earns: all
program = programs.product_clip(20, 24, 18)
fused = Schedule(program)
i, j, r = fused.get_loops("product")
group, eight = fused.split(j, [3, 8])
fused.reorder(group, r, eight)
fused.parallel(i)
fused.vectorize(eight)
fused.reverse_compute_at(fused.get_sblock("clip"), group)
fused.vectorize(fused.get_loops("clip")[-1])
fused.decompose_reduction(fused.get_sblock("product"), r)
