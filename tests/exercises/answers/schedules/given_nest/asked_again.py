# Loops are asked for anew after each step.
# earns: all
nested = Schedule(programs.product(24, 36, 20))
nested.split(nested.get_loops("product")[1], factors=[None, 9])
nested.split(nested.get_loops("product")[0], factors=[None, 4])
i0, i1, j0, j1, r = nested.get_loops("product")
nested.reorder(j0, r, i1, j1)
