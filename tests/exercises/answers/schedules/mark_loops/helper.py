# A function that takes the program.
# earns: all
def schedule(program, lanes=8, copies=4):
    sch = Schedule(program)
    row, column = sch.get_loops("square")
    _, inner, vector = sch.split(column, factors=[96 // lanes // copies, copies, lanes])
    sch.parallel(row)
    sch.unroll(inner)
    sch.vectorize(vector)
    return sch


marked = schedule(programs.square_plus(12, 96))
