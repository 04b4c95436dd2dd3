# Both factors stated.
# earns: all
tiled = None
tiled = Schedule(programs.scores(36, 40, 48))
i, j, p = tiled.get_loops("scores")
io, i = tiled.split(i, [9, 4])
jo, j = tiled.split(j, [5, 8])
po, p = tiled.split(p, [3, 16])
tiled.reorder(io, jo, po, i, j, p)
tiled.blockize(i)
