# No search: tiles of six rows and eight columns, chosen by thinking.
# earns: all
model = exercise_inputs.scoring_model()
name = "fused_matmul_add_relu"
sch = Schedule(tvm.IRModule({"main": model[name].with_attr("global_symbol", "main")}))
rows, columns, terms = sch.get_loops("matmul")
tasks, six = sch.split(rows, [8, 6])
groups, eight = sch.split(columns, [5, 8])
sch.reorder(tasks, groups, terms, six, eight)
sch.parallel(tasks)
sch.unroll(six)
sch.vectorize(eight)
functions = {variable: function for variable, function in model.functions_items()}
functions[model.get_global_var(name)] = sch.mod["main"].without_attr("global_symbol")
tuned = tvm.IRModule(functions)
