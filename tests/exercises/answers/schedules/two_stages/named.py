# The block of the first stage is found by its name.
# earns: all
staged = Schedule(programs.squares(1003))
loop = staged.get_loops("squares")[0]
eight, rest = staged.split(loop, factors=[8, None])
staged.rfactor(eight, 0)
staged.parallel(staged.get_loops("squares_rf")[0])
