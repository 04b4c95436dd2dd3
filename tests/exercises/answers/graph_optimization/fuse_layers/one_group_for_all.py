# One group of everything.
# loses: groups, left, numbers
def fuse_layers(mod):
    main = mod["main"]
    builder = relax.BlockBuilder()
    inner = copy_with_new_vars(main).without_attr("global_symbol").with_attr("Primitive", True)
    group = builder.add_func(inner, "group")
    params = [relax.Var(p.name, p.ty) for p in main.params]
    with builder.function("main", params):
        with builder.dataflow():
            out = builder.emit_output(relax.Call(group, params))
        builder.emit_func_output(out)
    return builder.finalize()
