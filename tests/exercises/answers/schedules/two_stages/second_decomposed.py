# The second stage starts from a block of its own.
# earns: all
staged = Schedule(programs.squares(1003))
part, rest = staged.split(staged.get_loops("squares")[0], factors=[8, None])
first = staged.rfactor(part, factor_axis=0)
staged.parallel(staged.get_loops(first)[0])
staged.decompose_reduction("squares", staged.get_loops("squares")[0])
