# The outermost loop parallel.
# loses: order
program = programs.product(24, 36, 20)
nested = None
nested = Schedule(program)
i, j, r = nested.get_loops("product")
i0, i1 = nested.split(i, factors=[None, 4])
j0, j1 = nested.split(j, factors=[None, 9])
nested.reorder(i0, j0, r, i1, j1)
nested.parallel(i0)
