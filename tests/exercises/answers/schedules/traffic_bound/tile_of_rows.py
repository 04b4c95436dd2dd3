# Whole rows of R in registers, four at a time, each row as a vector.
# earns: all
program = programs.product(48, 56, 40)
lean = Schedule(program)
write = lean.cache_write("product", 0, "local")
rows, columns, terms = lean.get_loops("product")
group, four = lean.split(rows, factors=[12, 4])
lean.reorder(group, terms, four, columns)
lean.reverse_compute_at(write, group)
lean.unroll(four)
lean.decompose_reduction("product", terms)
