# Both stages decomposed, and the rest of the first one cut further.
# earns: all
program = programs.squares(1003)
staged = Schedule(program)
part, rest = staged.split(staged.get_loops("squares")[0], factors=[8, 126])
first = staged.rfactor(part, factor_axis=0)
eight, inner = staged.get_loops(first)
staged.parallel(eight)
staged.split(inner, factors=[21, 6])
staged.decompose_reduction(first, staged.get_loops(first)[1])
staged.decompose_reduction("squares", staged.get_loops("squares")[0])
