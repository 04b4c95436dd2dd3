# The space is written once as a function; what is handed in is its trace, replayed.
# earns: all
def space(sch):
    i, j, k = sch.get_loops("Y")
    i0, i1 = sch.split(i, sch.sample_perfect_tile(i, n=2, max_innermost_factor=6))
    j0, j1, j2 = sch.split(j, sch.sample_perfect_tile(j, n=3, max_innermost_factor=16))
    k0, k1 = sch.split(k, [None, sch.sample_categorical([1, 2, 3, 4], [0.25] * 4)])
    sch.reorder(i0, j0, j1, k0, k1, i1, j2)
    sch.parallel(i0)
    sch.unroll(k1)
    sch.vectorize(j2)


first = Schedule(exercise_inputs.scores_program(), seed=11)
space(first)
scores = Schedule(exercise_inputs.scores_program())
first.trace.apply_to_schedule(scores, remove_postproc=False)
