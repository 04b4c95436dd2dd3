# Panels and rows are one parallel loop.
# earns: all
dotted = Schedule(programs.scores(5, 40, 30, "uint8", "int8", "int32"))
dotted.pad_einsum("scores", [1, 16, 4])
dotted.cache_read("scores", 1, "global")
dotted.transform_layout("scores", ("read", 1), lambda j, p: (j // 16, p // 4, j % 16, p % 4))
i, j, p = dotted.get_loops("scores")
jo, j = dotted.split(j, [None, 16])
po, p = dotted.split(p, [None, 4])
dotted.reorder(jo, i, po, j, p)
dotted.parallel(dotted.fuse(jo, i))
dotted.decompose_reduction("scores", po)
dotted.tensorize(j, kernels.DOT)
