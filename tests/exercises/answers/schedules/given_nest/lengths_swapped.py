# The lengths given to the outer loops.
# loses: splits,order
program = programs.product(24, 36, 20)
nested = Schedule(program)
i, j, r = nested.get_loops("product")
i0, i1 = nested.split(i, factors=[4, None])
j0, j1 = nested.split(j, factors=[9, None])
nested.reorder(i0, j0, r, i1, j1)
