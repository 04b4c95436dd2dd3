# A copy of the whole input with plain loops.
# loses: parallel,vectorized,unrolled
program = programs.square_plus(12, 96)
marked = None
marked = Schedule(program)
i, j = marked.get_loops("square")
_, copies, lanes = marked.split(j, factors=[None, 4, 8])
marked.cache_read("square", 0, "global")
marked.parallel(i)
marked.unroll(copies)
marked.vectorize(lanes)
