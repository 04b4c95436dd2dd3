# All loops are asked for at the end.
# earns: all
marked = Schedule(programs.square_plus(12, 96))
marked.split(marked.get_loops("square")[1], factors=[None, 4, 8])
for loop, mark in zip(marked.get_loops("square"), (marked.parallel, None, marked.unroll, marked.vectorize)):
    if mark is not None:
        mark(loop)
