# Parts of eight numbers, 126 of them.
# loses: stages,parallel
program = programs.squares(1003)
staged = Schedule(program)
part, rest = staged.split(staged.get_loops("squares")[0], factors=[None, 8])
first = staged.rfactor(part, factor_axis=0)
staged.parallel(staged.get_loops(first)[0])
