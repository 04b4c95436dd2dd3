# A function of the number of parts.
# earns: all
def in_two_stages(program, parts):
    sch = Schedule(program)
    (loop,) = sch.get_loops("squares")
    outer, inner = sch.split(loop, factors=[parts, None])
    sch.parallel(sch.get_loops(sch.rfactor(outer, factor_axis=0))[0])
    return sch


staged = in_two_stages(programs.squares(1003), 8)
