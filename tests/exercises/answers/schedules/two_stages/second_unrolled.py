# The second stage is unrolled.
# earns: all
staged = Schedule(programs.squares(1003))
outer, inner = staged.split(staged.get_loops("squares")[0], factors=[8, 126])
first = staged.rfactor(outer, factor_axis=0)
staged.unroll(staged.get_loops("squares")[0])
staged.parallel(staged.get_loops(first)[0])
