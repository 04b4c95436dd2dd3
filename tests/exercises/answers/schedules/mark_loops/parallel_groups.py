# Parallel is the loop over groups of columns, inside the rows.
# loses: parallel
program = programs.square_plus(12, 96)
marked = Schedule(program)
i, j = marked.get_loops("square")
groups, copies, lanes = marked.split(j, factors=[None, 4, 8])
marked.parallel(groups)
marked.unroll(copies)
marked.vectorize(lanes)
