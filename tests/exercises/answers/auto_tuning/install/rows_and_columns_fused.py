# The tasks are tiles: outer rows and outer columns in one parallel loop.
# earns: all
def alone(mod):
    layer = tvm.s_tir.renew_defs(mod["fused_matmul_add_relu"])
    return tvm.IRModule({"main": layer.with_attr("global_symbol", "main")})


model = exercise_inputs.scoring_model()
sch = Schedule(alone(model))
i, j, k = sch.get_loops("matmul")
i0, i1 = sch.split(i, factors=[None, 6])
j0, j1 = sch.split(j, factors=[None, 8])
sch.reorder(i0, j0, k, i1, j1)
sch.parallel(sch.fuse(i0, j0))
sch.unroll(i1)
sch.vectorize(j1)
tuned = tvm.IRModule(dict(model.functions_items()), attrs=model.attrs)
tuned[model.get_global_var("fused_matmul_add_relu")] = sch.mod["main"].without_attr("global_symbol")
