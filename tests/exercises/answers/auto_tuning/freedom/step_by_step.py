# Each loop is drawn, cut and marked before the next; the order comes last.
# earns: all
scores = Schedule(exercise_inputs.scores_program(), seed=3)
i, j, k = scores.get_loops("Y")
tiles_of_i = scores.sample_perfect_tile(i, n=2, max_innermost_factor=6)
i0, i1 = scores.split(i, tiles_of_i)
scores.parallel(i0)
length_of_k1 = scores.sample_categorical([1, 2, 3, 4], [1 / 4, 1 / 4, 1 / 4, 1 / 4])
k0, k1 = scores.split(k, [None, length_of_k1])
scores.unroll(k1)
tiles_of_j = scores.sample_perfect_tile(j, n=3, max_innermost_factor=16)
j0, j1, j2 = scores.split(j, tiles_of_j)
scores.reorder(i0, j0, j1, k0, k1, i1, j2)
scores.vectorize(j2)
