# The order of loops as given, the rows in parallel.
# loses: easy,hard
program = programs.product(48, 56, 40)
lean = Schedule(program)
i, j, r = lean.get_loops("product")
lean.parallel(i)
