# The factors in the wrong order: vectors of four, eight copies.
# loses: vectorized,unrolled
program = programs.square_plus(12, 96)
marked = Schedule(program)
i, j = marked.get_loops("square")
_, copies, lanes = marked.split(j, factors=[None, 8, 4])
marked.parallel(i)
marked.unroll(copies)
marked.vectorize(lanes)
