# The sum cut and fused again, columns moved first.
# earns: all
nested = Schedule(programs.product(24, 36, 20))
i, j, r = nested.get_loops("product")
r = nested.fuse(*nested.split(r, factors=[4, 5]))
i0, i1 = nested.split(i, factors=[6, 4])
nested.reorder(j, r, i1)
j0, j1 = nested.split(j, factors=[4, 9])
nested.reorder(r, i1, j1)
