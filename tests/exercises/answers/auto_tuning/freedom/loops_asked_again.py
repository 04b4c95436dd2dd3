# The loops are asked for again after each step instead of kept in variables.
# earns: all
scores = Schedule(exercise_inputs.scores_program())
for place, parts, limit in ((0, 2, 6), (2, 3, 16)):
    loop = scores.get_loops("Y")[place]
    scores.split(loop, scores.sample_perfect_tile(loop, parts, limit))
scores.split(scores.get_loops("Y")[5], [None, scores.sample_categorical([1, 2, 3, 4], [0.25] * 4)])
i0, i1, j0, j1, j2, k0, k1 = scores.get_loops("Y")
scores.reorder(i0, j0, j1, k0, k1, i1, j2)
loops = scores.get_loops("Y")
scores.parallel(loops[0])
scores.unroll(loops[4])
scores.vectorize(loops[6])
