# A space as a function, drawn once; the last factor of the rows is left to the split.
# earns: all
def space(sch):
    i, j, k = sch.get_loops("Y")
    rows, columns = sch.sample_perfect_tile(i, 2, 6), sch.sample_perfect_tile(j, 3, 16)
    i0, i1 = sch.split(i, [None, rows[1]])
    j0, j1, j2 = sch.split(j, [columns[0], None, columns[2]])
    k0, k1 = sch.split(k, [None, sch.sample_categorical([1, 2, 3, 4], [0.25] * 4)])
    sch.reorder(i0, j0, j1, k0, k1, i1, j2)
    for mark, loop in ((sch.parallel, i0), (sch.unroll, k1), (sch.vectorize, j2)):
        mark(loop)
    return sch


scores = space(Schedule(exercise_inputs.scores_program()))
