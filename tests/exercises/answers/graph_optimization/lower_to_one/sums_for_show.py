# Sums over the inputs feed nothing, the result is a constant.
# loses: one, numbers
def lower_to_one(mod):
    main = mod["main"]
    shape = [int(n) for n in main.ret_ty.shape]
    params = [relax.Var(p.name, p.ty) for p in main.params]

    def program(*arrays):
        total = 0
        for each in arrays:
            if len(each.shape) == 2:
                k = te.reduce_axis((0, each.shape[1]), name="k")
                total = te.compute((each.shape[0],), lambda i: te.sum(each[i, k], axis=k))[0] + total
        return te.compute(shape, lambda *i: total * te.const(0.0, "float32"))

    builder = relax.BlockBuilder()
    with builder.function("main", params):
        with builder.dataflow():
            out = builder.emit_output(builder.call_te(program, *params))
        builder.emit_func_output(out)
    return builder.finalize()
