# Outer factors 9, 5 and 3.
# earns: all
tiled = None
tiled = Schedule(programs.scores(36, 40, 48))
i, j, p = tiled.get_loops("scores")
io, i = tiled.split(i, [9, None])
jo, j = tiled.split(j, [5, None])
po, p = tiled.split(p, [3, None])
tiled.reorder(io, jo, po, i, j, p)
tiled.blockize(i)
