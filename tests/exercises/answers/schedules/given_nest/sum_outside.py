# The sum outside of all other loops.
# loses: order
program = programs.product(24, 36, 20)
nested = Schedule(program)
i, j, r = nested.get_loops("product")
i0, i1 = nested.split(i, factors=[None, 4])
j0, j1 = nested.split(j, factors=[None, 9])
nested.reorder(r, i0, j0, i1, j1)
