# The first stage moved into the second: it reads beyond X.
# loses: parallel,numbers
program = programs.squares(1003)
staged = Schedule(program)
part, rest = staged.split(staged.get_loops("squares")[0], factors=[8, None])
first = staged.rfactor(part, factor_axis=0)
staged.compute_at(first, staged.get_loops("squares")[0])
