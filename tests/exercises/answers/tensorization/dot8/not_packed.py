# B is not packed.
# loses: instruction
# says: Pack B
dotted = None
dotted = Schedule(programs.scores(5, 40, 30, "uint8", "int8", "int32"))
dotted.pad_einsum("scores", [1, 16, 4])
i, j, p = dotted.get_loops("scores")
jo, j = dotted.split(j, [None, 16])
po, p = dotted.split(p, [None, 4])
dotted.reorder(jo, i, po, j, p)
dotted.parallel(jo)
dotted.decompose_reduction("scores", po)
dotted.tensorize(j, kernels.DOT)
