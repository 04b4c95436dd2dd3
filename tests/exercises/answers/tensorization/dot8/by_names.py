# Found by get_sblock.
# earns: all
dotted = None
dotted = Schedule(programs.scores(5, 40, 30, "uint8", "int8", "int32"))
dotted.pad_einsum("scores", [1, 16, 4])
dotted.cache_read("scores", 1, "global")
dotted.transform_layout("scores", ("read", 1), lambda j, p: (j // 16, p // 4, j % 16, p % 4))
i, j, p = dotted.get_loops(dotted.get_sblock("scores"))
jo, j = dotted.split(j, [None, 16])
po, p = dotted.split(p, [None, 4])
dotted.reorder(i, jo, po, j, p)
dotted.parallel(i)
dotted.decompose_reduction("scores", po)
dotted.tensorize(j, kernels.DOT)
