# Unrolled is the loop over groups, which has three iterations, and not the one around the vector.
# loses: unrolled
program = programs.square_plus(12, 96)
marked = Schedule(program)
i, j = marked.get_loops("square")
groups, copies, lanes = marked.split(j, factors=[None, 4, 8])
marked.parallel(i)
marked.unroll(groups)
marked.vectorize(lanes)
