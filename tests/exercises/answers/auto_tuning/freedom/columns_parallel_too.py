# The columns in parallel as well: a parallel loop inside another.
# loses: follows,numbers
scores = Schedule(exercise_inputs.scores_program())
i, j, k = scores.get_loops("Y")
i0, i1 = scores.split(i, scores.sample_perfect_tile(i, n=2, max_innermost_factor=6))
j0, j1, j2 = scores.split(j, scores.sample_perfect_tile(j, n=3, max_innermost_factor=16))
k0, k1 = scores.split(k, [None, scores.sample_categorical([1, 2, 3, 4], [0.25] * 4)])
scores.reorder(i0, j0, j1, k0, k1, i1, j2)
scores.parallel(i0)
scores.parallel(j0)
scores.unroll(k1)
scores.vectorize(j2)
