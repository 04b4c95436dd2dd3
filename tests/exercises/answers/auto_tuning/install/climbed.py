# From a bad pair of tiles to a better neighbour, until there is none.
# earns: all
def alone(mod):
    layer = tvm.s_tir.renew_defs(mod["fused_matmul_add_relu"])
    return tvm.IRModule({"main": layer.with_attr("global_symbol", "main")})


ROWS, COLUMNS = [1, 2, 3, 4, 6, 8, 12], [4, 5, 8, 10, 20, 40]
model = exercise_inputs.scoring_model()


def made(row, column):
    sch = Schedule(alone(model))
    i, j, k = sch.get_loops("matmul")
    (i0, i1), (j0, j1) = sch.split(i, [None, ROWS[row]]), sch.split(j, [None, COLUMNS[column]])
    sch.reorder(i0, j0, k, i1, j1)
    for mark, loop in zip((sch.parallel, sch.unroll, sch.vectorize), (i0, i1, j1)):
        mark(loop)
    return sch


cpu, place = simulated.SimulatedCpu(), (0, 0)
while True:
    around = [(place[0] + r, place[1] + c) for r in (-1, 0, 1) for c in (-1, 0, 1)]
    inside = [(r, c) for r, c in around if 0 <= r < len(ROWS) and 0 <= c < len(COLUMNS)]
    best = min(inside, key=lambda each: cpu(made(*each)))
    if best == place:
        break
    place = best
functions = dict(model.functions_items())
functions[model.get_global_var("fused_matmul_add_relu")] = made(*place).mod["main"].without_attr("global_symbol")
tuned = tvm.IRModule(functions)
