# The groups of columns outermost and parallel, the rows inside them.
# earns: all
program = programs.square_plus(12, 96)
marked = Schedule(program)
rows, columns = marked.get_loops("square")
groups, four, eight = marked.split(columns, factors=[None, 4, 8])
marked.reorder(groups, rows)
marked.parallel(groups)
marked.unroll(four)
marked.vectorize(eight)
