# Each partial sum takes every eighth number: the loop of eight is the inner one.
# earns: all
program = programs.squares(1003)
staged = Schedule(program)
(loop,) = staged.get_loops("squares")
rest, lanes = staged.split(loop, factors=[None, 8])
first = staged.rfactor(lanes, factor_axis=0)
outer, eight = staged.get_loops(first)
if staged.get(outer).extent != 8:
    staged.reorder(eight, outer)
    outer = eight
staged.parallel(outer)
