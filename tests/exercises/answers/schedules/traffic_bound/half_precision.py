# The tile in half precision.
# loses: numbers
program = programs.product(48, 56, 40)
lean = Schedule(program)
i, j, r = lean.get_loops("product")
i0, i1 = lean.split(i, factors=[None, 16])
j0, j1 = lean.split(j, factors=[None, 16])
lean.reorder(i0, j0, r, i1, j1)
copy = lean.cache_write("product", 0, "local")
lean.unsafe_set_dtype("product", 0, "float16")
lean.reverse_compute_at(copy, j0)
