# The parallel loop of eight inside a serial one.
# loses: parallel
program = programs.squares(1003)
staged = Schedule(program)
part, rest = staged.split(staged.get_loops("squares")[0], factors=[8, None])
first = staged.rfactor(part, factor_axis=0)
loops = staged.get_loops(first)
staged.reorder(loops[1], loops[0])
staged.parallel(staged.get_loops(first)[1])
