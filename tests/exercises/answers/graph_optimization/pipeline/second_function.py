# The work moves into a function that main calls, and is not counted there.
# loses: first, second, numbers
# says: sub-function
def pipeline(mod):
    """A new module; see the prompt."""
    lowered = transform.LegalizeOps()(mod)
    main = lowered["main"]
    builder = relax.BlockBuilder(tvm.IRModule({v: f for v, f in lowered.functions_items() if v.name_hint != "main"}))
    inner = builder.add_func(copy_with_new_vars(main).without_attr("global_symbol"), "inner")
    params = [relax.Var(p.name, p.ty) for p in main.params]
    with builder.function("main", params):
        with builder.dataflow():
            out = builder.emit_output(relax.Call(inner, params))
        builder.emit_func_output(out)
    return builder.finalize()
