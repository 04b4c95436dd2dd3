# The right order of loops, and no tile.
# loses: hard
program = programs.product(48, 56, 40)
lean = Schedule(program)
i, j, r = lean.get_loops("product")
lean.reorder(i, r, j)
