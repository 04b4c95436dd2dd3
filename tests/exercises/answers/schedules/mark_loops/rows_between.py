# Groups of columns and rows fused to one parallel loop.
# earns: all
marked = Schedule(programs.square_plus(12, 96))
i, j = marked.get_loops("square")
outer, lanes = marked.split(j, factors=[12, 8])
groups, copies = marked.split(outer, factors=[3, 4])
marked.vectorize(lanes)
marked.unroll(copies)
marked.parallel(marked.fuse(i, groups))
