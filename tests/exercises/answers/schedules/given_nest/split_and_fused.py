# The loop over i is cut finely and fused again.
# earns: all
nested = Schedule(programs.product(24, 36, 20))
i, j, r = nested.get_loops("product")
two, three, i1 = nested.split(i, factors=[2, 3, 4])
i0 = nested.fuse(two, three)
j0, j1 = nested.split(j, factors=[4, 9])
nested.reorder(i0, j0, r, i1, j1)
