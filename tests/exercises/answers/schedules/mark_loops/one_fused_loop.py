# One loop over all elements, cut anew: its outer part runs in parallel.
# earns: all
program = programs.square_plus(12, 96)
marked = Schedule(program)
everything = marked.fuse(*marked.get_loops("square"))
tasks, four, eight = marked.split(everything, factors=[None, 4, 8])
marked.parallel(tasks)
marked.unroll(four)
marked.vectorize(eight)
