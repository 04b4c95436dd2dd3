# The loop of four goes over rows.
# earns: all
marked = Schedule(programs.square_plus(12, 96))
rows, columns = marked.get_loops("square")
threes, four = marked.split(rows, [3, 4])
twelve, eight = marked.split(columns, [12, 8])
marked.reorder(threes, twelve, four, eight)
marked.parallel(threes)
marked.unroll(four)
marked.vectorize(eight)
