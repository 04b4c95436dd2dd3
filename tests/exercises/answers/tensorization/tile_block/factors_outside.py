# The factors stand outside.
# loses: all
tiled = None
tiled = Schedule(programs.scores(36, 40, 48))
i, j, p = tiled.get_loops("scores")
io, i = tiled.split(i, [4, None])
jo, j = tiled.split(j, [8, None])
po, p = tiled.split(p, [16, None])
tiled.reorder(io, jo, po, i, j, p)
tiled.blockize(i)
