# The vector takes every twelfth element of a row: the length was given to the outer loop.
# loses: vectorized
program = programs.square_plus(12, 96)
marked = Schedule(program)
i, j = marked.get_loops("square")
lanes, rest = marked.split(j, factors=[8, None])
groups, copies = marked.split(rest, factors=[None, 4])
marked.reorder(groups, copies, lanes)
marked.parallel(i)
marked.unroll(copies)
marked.vectorize(lanes)
