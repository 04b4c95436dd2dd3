# The padded copy itself is packed.
# earns: all
dotted = Schedule(programs.scores(5, 40, 30, "uint8", "int8", "int32"))
dotted.pad_einsum("scores", [1, 16, 4])
dotted.transform_layout("scores", buffer=("read", 1), index_map=lambda j, p: (j // 16, p // 4, j % 16, p % 4))
rows, columns, steps = dotted.get_loops("scores")
panels, lanes = dotted.split(columns, [3, 16])
groups, bytes_ = dotted.split(steps, [8, 4])
dotted.reorder(panels, rows, groups, lanes, bytes_)
dotted.parallel(dotted.get_loops("scores")[0])
dotted.decompose_reduction("scores", groups)
dotted.tensorize(lanes, kernels.DOT)
