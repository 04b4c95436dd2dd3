# A table says for each loop how it is drawn and how its parts are called; another one, of which kind they are.
# earns: all
ORDER = ("i0", "j0", "j1", "k0", "k1", "i1", "j2")
KINDS = {"i0": Schedule.parallel, "k1": Schedule.unroll, "j2": Schedule.vectorize}
DRAWS = [
    (2, lambda sch, loop: [None, sch.sample_categorical([1, 2, 3, 4], [0.25] * 4)]),
    (1, lambda sch, loop: sch.sample_perfect_tile(loop, n=3, max_innermost_factor=16)),
    (0, lambda sch, loop: sch.sample_perfect_tile(loop, n=2, max_innermost_factor=6)),
]

scores, parts = Schedule(exercise_inputs.scores_program()), {}
loops = scores.get_loops("Y")
for place, draw in DRAWS:
    for number, part in enumerate(scores.split(loops[place], draw(scores, loops[place]))):
        parts["ijk"[place] + str(number)] = part
scores.reorder(*map(parts.get, ORDER))
for name, kind in KINDS.items():
    kind(scores, parts[name])
