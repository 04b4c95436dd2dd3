# The rows cut too: pairs of rows run in parallel.
# earns: all
marked = Schedule(programs.square_plus(12, 96))
block = marked.get_sblock("square")
i, j = marked.get_loops(block)
pairs, row = marked.split(i, [6, 2])
groups, four, eight = marked.split(j, [3, 4, 8])
marked.parallel(pairs)
marked.unroll(four)
marked.vectorize(eight)
