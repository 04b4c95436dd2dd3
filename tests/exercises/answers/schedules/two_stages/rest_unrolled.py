# The rest of the first stage is cut and partly unrolled.
# earns: all
staged = Schedule(programs.squares(1003))
(loop,) = staged.get_loops("squares")
eight, rest = staged.split(loop, factors=[8, 126])
first = staged.rfactor(eight, factor_axis=0)
parts, inner = staged.get_loops(first)
outer, six = staged.split(inner, factors=[None, 6])
staged.unroll(six)
staged.parallel(parts)
