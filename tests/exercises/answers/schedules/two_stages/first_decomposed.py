# The eight partial sums start in a loop of their own.
# earns: all
staged = Schedule(programs.squares(1003))
eight, rest = staged.split(staged.get_loops("squares")[0], factors=[8, None])
first = staged.rfactor(eight, factor_axis=-1)
parts, terms = staged.get_loops(first)
staged.parallel(parts)
staged.decompose_reduction(first, terms)
