# Writes the new main into the given module.
# loses: one
# says: changed it
def lower_to_one(mod):
    given = mod
    mod = transform.LegalizeOps()(mod)
    main = mod["main"]
    rest = tvm.IRModule({gv: f for gv, f in mod.functions.items() if gv.name_hint != "main"})
    bb = relax.BlockBuilder(rest)
    gv = bb.add_func(copy_with_new_vars(main).without_attr("global_symbol").with_attr("Primitive", True), "group")
    params = [relax.Var(p.name, p.ty) for p in main.params]
    with bb.function("main", params):
        with bb.dataflow():
            out = bb.emit_output(relax.Call(gv, params))
        bb.emit_func_output(out)
    out = transform.FuseTIR()(bb.finalize())
    for g, f in out.functions.items():
        if g.name_hint == "main":
            given.update_func(given.get_global_var("main"), f)
    return out
