# The operators are grouped first, and lowered inside of the group.
# earns: all
def lower_to_one(mod):
    main = mod["main"]
    builder = relax.BlockBuilder()
    whole = copy_with_new_vars(main).without_attr("global_symbol").with_attrs({"Primitive": True})
    name = builder.add_func(whole, "whole")
    params = [relax.Var(each.name, each.ty) for each in main.params]
    with builder.function("main", params):
        with builder.dataflow():
            result = builder.emit_output(builder.emit(relax.Call(name, params)))
        builder.emit_func_output(result)
    grouped = builder.get()
    return Sequential([transform.LegalizeOps(), transform.FuseTIR()])(grouped)
