# Nothing drawn: a schedule with lengths that look good.
# loses: draws,follows
scores = Schedule(exercise_inputs.scores_program())
i, j, k = scores.get_loops("Y")
i0, i1 = scores.split(i, [6, 4])
j0, j1, j2 = scores.split(j, [5, 1, 8])
k0, k1 = scores.split(k, [None, 4])
scores.reorder(i0, j0, j1, k0, k1, i1, j2)
scores.parallel(i0)
scores.unroll(k1)
scores.vectorize(j2)
