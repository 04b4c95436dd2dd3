# The layout with divmod.
# earns: all
dotted = None
dotted = Schedule(programs.scores(5, 40, 30, "uint8", "int8", "int32"))
dotted.pad_einsum("scores", [1, 16, 4])
dotted.cache_read("scores", 1, "global")
dotted.transform_layout("scores", ("read", 1), lambda row, step: [row // 16, step // 4, row % 16, step % 4])
i, j, p = dotted.get_loops("scores")
jo, j = dotted.split(j, [None, 16])
po, p = dotted.split(p, [None, 4])
dotted.reorder(jo, i, po, j, p)
dotted.parallel(jo)
dotted.decompose_reduction("scores", po)
dotted.tensorize(j, kernels.DOT)
