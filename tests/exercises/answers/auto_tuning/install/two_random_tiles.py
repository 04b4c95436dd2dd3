# A search of its own, with the standard library as source of chance; installed by update_func.
# earns: all
def alone(mod):
    layer = tvm.s_tir.renew_defs(mod["fused_matmul_add_relu"])
    return tvm.IRModule({"main": layer.with_attr("global_symbol", "main")})


def scheduled(mod, rows, columns):
    sch = Schedule(mod)
    i, j, k = sch.get_loops("matmul")
    i0, i1 = sch.split(i, [None, rows])
    j0, j1 = sch.split(j, [None, columns])
    sch.reorder(i0, j0, k, i1, j1)
    sch.parallel(i0)
    sch.unroll(i1)
    sch.vectorize(j1)
    return sch


model = exercise_inputs.scoring_model()
judge, rng = simulated.SimulatedCpu(), random.Random(5)
tries = [scheduled(alone(model), rng.choice([2, 4, 6, 8, 12]), rng.choice([8, 20, 40])) for _ in range(12)]
best = min(tries, key=judge)
tuned = tvm.IRModule(dict(model.functions_items()))
tuned.update_func(model.get_global_var("fused_matmul_add_relu"), best.mod["main"].without_attr("global_symbol"))
