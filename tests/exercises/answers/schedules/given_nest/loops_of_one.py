# Splits into three, with loops of one iteration left over.
# earns: all
program = programs.product(24, 36, 20)
nested = Schedule(program)
block = nested.get_sblock("product")
i, j, r = nested.get_loops(block)
i0, one, i1 = nested.split(i, factors=[6, 1, 4])
j0, j1 = nested.split(j, factors=[None, 9])
nested.reorder(i0, j0, r, one, i1, j1)
