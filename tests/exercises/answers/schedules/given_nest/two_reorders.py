# Two calls of reorder; outer factors are stated.
# earns: all
nested = Schedule(programs.product(24, 36, 20))
i, j, r = nested.get_loops("product")
i0, i1 = nested.split(i, factors=[6, None])
j0, j1 = nested.split(j, factors=[4, None])
nested.reorder(j0, r, j1)
nested.reorder(i0, j0, r, i1, j1)
