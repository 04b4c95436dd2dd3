# The draw that is handed in has decisions of its own.
# earns: all
scores = Schedule(exercise_inputs.scores_program())
i, j, k = scores.get_loops("Y")
i0, i1 = scores.split(i, scores.sample_perfect_tile(i, 2, 6, decision=[4, 6]))
j0, j1, j2 = scores.split(j, scores.sample_perfect_tile(j, 3, 16, decision=[5, 1, 8]))
k0, k1 = scores.split(k, [None, scores.sample_categorical([1, 2, 3, 4], [0.25] * 4, decision=3)])
scores.parallel(i0)
scores.reorder(i0, j0, j1, k0, k1, i1, j2)
scores.vectorize(j2)
scores.unroll(k1)
