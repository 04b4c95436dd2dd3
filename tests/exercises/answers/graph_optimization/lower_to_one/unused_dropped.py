# A parameter that nothing reads is dropped.
# loses: one, numbers
def lower_to_one(mod):
    """A new module; see the prompt."""
    lowered = transform.LegalizeOps()(mod)
    main = lowered["main"]
    rest = {var: f for var, f in lowered.functions_items() if var.name_hint != "main"}
    builder = relax.BlockBuilder(tvm.IRModule(rest))
    inner = copy_with_new_vars(main).without_attr("global_symbol").with_attr("Primitive", True)
    group = builder.add_func(inner, "everything")
    used = set(operands(main.body))
    inner = copy_with_new_vars(main)
    main_params = [p for p in main.params if p in used]
    inner = copy_with_new_vars(relax.Function(main_params, main.body, main.ret_ty)).with_attr("Primitive", True)
    group = builder.add_func(inner, "used_alone")
    params = [relax.Var(param.name, param.ty) for param in main_params]
    with builder.function("main", params):
        with builder.dataflow():
            out = builder.emit_output(relax.Call(group, params))
        builder.emit_func_output(out)
    return transform.FuseTIR()(builder.finalize())
