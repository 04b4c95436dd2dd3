# The columns cut in two steps, the loops asked for anew after each.
# earns: all
program = programs.square_plus(12, 96)
marked = Schedule(program)
marked.split(marked.get_loops("square")[1], factors=[3, 32])
marked.split(marked.get_loops("square")[2], factors=[4, 8])
rows, _, four, eight = marked.get_loops("square")
marked.vectorize(eight)
marked.unroll(four)
marked.parallel(rows)
