# A copy of X that nobody asked for.
# loses: stages
program = programs.squares(1003)
staged = Schedule(program)
staged.cache_read("squares", 0, "global")
part, rest = staged.split(staged.get_loops("squares")[0], factors=[8, None])
first = staged.rfactor(part, factor_axis=0)
staged.parallel(staged.get_loops(first)[0])
