# Bias and activation are scheduled too.
# earns: all
def alone(mod):
    layer = tvm.s_tir.renew_defs(mod["fused_matmul_add_relu"])
    return tvm.IRModule({"main": layer.with_attr("global_symbol", "main")})


model = exercise_inputs.scoring_model()
sch = Schedule(alone(model))
i, j, k = sch.get_loops("matmul")
i0, i1 = sch.split(i, [12, 4])
j0, j1 = sch.split(j, [2, 20])
sch.reorder(i0, j0, k, i1, j1)
sch.parallel(i0)
sch.unroll(i1)
sch.vectorize(j1)
for block in sch.get_child_blocks(sch.get_sblock("root")):
    if sch.get(block).name_hint != "matmul":
        rows, columns = sch.get_loops(block)
        sch.parallel(rows)
        sch.vectorize(sch.split(columns, [None, 8])[1])
tuned = tvm.IRModule({name: function for name, function in model.functions_items()})
tuned[model.get_global_var("fused_matmul_add_relu")] = sch.mod["main"].without_attr("global_symbol")
