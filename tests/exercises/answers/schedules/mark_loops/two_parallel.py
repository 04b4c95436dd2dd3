# A second parallel loop.
# loses: parallel,numbers
program = programs.square_plus(12, 96)
marked = None
marked = Schedule(program)
i, j = marked.get_loops("square")
outer, copies, lanes = marked.split(j, factors=[None, 4, 8])
marked.parallel(i)
marked.parallel(outer)
marked.unroll(copies)
marked.vectorize(lanes)
