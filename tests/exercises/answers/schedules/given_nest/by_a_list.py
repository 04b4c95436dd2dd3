# The loops in a list, sorted by a list of positions.
# earns: all
nested = Schedule(programs.product(24, 36, 20))
loops = nested.get_loops("product")
parts = [nested.split(loop, [None, size]) for loop, size in zip(loops, (4, 9, 20))]
(i0, i1), (j0, j1), (_, r) = parts
nested.reorder(i0, j0, r, i1, j1)
