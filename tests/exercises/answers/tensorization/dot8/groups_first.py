# Groups of steps are packed outside of panels.
# earns: all
dotted = Schedule(programs.scores(5, 40, 30, "uint8", "int8", "int32"))


def panels(j, p):
    return p // 4, j // 16, j % 16, p % 4


dotted.pad_einsum("scores", [1, 16, 4])
dotted.cache_read("scores", 1, "global")
dotted.transform_layout("scores", ("read", 1), panels)
i, j, p = dotted.get_loops("scores")
(jo, j), (po, p) = dotted.split(j, [None, 16]), dotted.split(p, [None, 4])
dotted.reorder(i, jo, po, j, p)
dotted.parallel(i)
dotted.decompose_reduction("scores", po)
dotted.tensorize(j, kernels.DOT)
