# Loops are found again after the reorder; the tile is blockized by its fourth loop.
# earns: all
tiled = Schedule(programs.scores(36, 40, 48))
pairs = [tiled.split(loop, [None, size]) for loop, size in zip(tiled.get_loops("scores"), (4, 8, 16))]
outer, inner = zip(*pairs)
tiled.reorder(*outer, *inner)
tiled.blockize(tiled.get_loops("scores")[3], preserve_unit_iters=False)
