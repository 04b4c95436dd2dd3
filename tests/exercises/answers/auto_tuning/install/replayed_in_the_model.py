# Searched on the layer alone; the trace of the winner replayed on the whole model.
# earns: all
def alone(mod):
    layer = tvm.s_tir.renew_defs(mod["fused_matmul_add_relu"])
    return tvm.IRModule({"main": layer.with_attr("global_symbol", "main")})


def space(sch):
    i, j, k = sch.get_loops(sch.get_sblock("matmul", func_name="main"))
    i0, i1 = sch.split(i, sch.sample_perfect_tile(i, n=2, max_innermost_factor=8))
    j0, j1 = sch.split(j, sch.sample_perfect_tile(j, n=2, max_innermost_factor=40))
    sch.reorder(i0, j0, k, i1, j1)
    sch.parallel(i0)
    sch.unroll(i1)
    sch.vectorize(j1)


model = exercise_inputs.scoring_model()
found = search.random_search(alone(model), space, simulated.SimulatedCpu(), 25)
rows, columns = (made.value[1] for made in decisions(search.best(found).schedule))
sch = Schedule(model)
sch.work_on("fused_matmul_add_relu")
i, j, k = sch.get_loops("matmul")
i0, i1 = sch.split(i, [None, rows])
j0, j1 = sch.split(j, [None, columns])
sch.reorder(i0, j0, k, i1, j1)
sch.parallel(i0)
sch.unroll(i1)
sch.vectorize(j1)
tuned = sch.mod
