# Loops over tiles in another order.
# earns: all
tiled = None
tiled = Schedule(programs.scores(36, 40, 48))
i, j, p = tiled.get_loops("scores")
io, i = tiled.split(i, [None, 4])
jo, j = tiled.split(j, [None, 8])
po, p = tiled.split(p, [None, 16])
tiled.reorder(po, jo, io, i, j, p)
tiled.blockize(i)
