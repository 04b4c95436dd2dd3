# The inputs copied into half precision.
# loses: splits,numbers
program = programs.product(24, 36, 20)
nested = Schedule(program)
for number in (0, 1):
    copy = nested.cache_read("product", number, "global")
    nested.unsafe_set_dtype(copy, 0, "float16")
i, j, r = nested.get_loops("product")
i0, i1 = nested.split(i, factors=[None, 4])
j0, j1 = nested.split(j, factors=[None, 9])
nested.reorder(i0, j0, r, i1, j1)
