# Each loop is moved inside as soon as it is split.
# earns: all
tiled = Schedule(programs.scores(36, 40, 48))
i, j, p = tiled.get_loops("scores")
p, step = tiled.split(p, [3, 16])
j, column = tiled.split(j, [5, 8])
tiled.reorder(p, column)
tiled.reorder(column, step)
i, row = tiled.split(i, [9, 4])
tiled.reorder(p, row)
tiled.reorder(row, column, step)
tiled.blockize(row)
