# The partial sums as whole numbers.
# loses: numbers
program = programs.squares(1003)
staged = Schedule(program)
part, rest = staged.split(staged.get_loops("squares")[0], factors=[8, None])
first = staged.rfactor(part, factor_axis=0)
staged.unsafe_set_dtype(first, 0, "int32")
staged.parallel(staged.get_loops(first)[0])
