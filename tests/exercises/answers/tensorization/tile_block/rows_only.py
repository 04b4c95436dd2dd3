# Blockized one loop too far in.
# loses: all
tiled = None
tiled = Schedule(programs.scores(36, 40, 48))
i, j, p = tiled.get_loops("scores")
io, i = tiled.split(i, [None, 4])
jo, j = tiled.split(j, [None, 8])
po, p = tiled.split(p, [None, 16])
tiled.reorder(io, jo, po, i, j, p)
tiled.blockize(j)
