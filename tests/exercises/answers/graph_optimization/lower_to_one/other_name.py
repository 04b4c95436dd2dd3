# The program has another name and the main a group of its own variables.
# earns: all
def lower_to_one(mod):
    """A new module; see the prompt."""
    lowered = transform.LegalizeOps()(mod)
    main = lowered["main"]
    rest = {var: f for var, f in lowered.functions_items() if var.name_hint != "main"}
    builder = relax.BlockBuilder(tvm.IRModule(rest))
    inner = copy_with_new_vars(main).without_attr("global_symbol").with_attr("Primitive", True)
    group = builder.add_func(inner, "f")
    params = [relax.Var("p_" + param.name, param.ty) for param in main.params]
    with builder.function("main", params):
        with builder.dataflow():
            out = builder.emit_output(relax.Call(group, params))
        builder.emit_func_output(out)
    return transform.FuseTIR()(builder.finalize())
