# All of R in registers: far more than there are.
# loses: easy,hard
program = programs.product(48, 56, 40)
lean = Schedule(program)
i, j, r = lean.get_loops("product")
lean.reorder(r, i, j)
lean.cache_write("product", 0, "local")
