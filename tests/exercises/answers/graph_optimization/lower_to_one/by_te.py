# One program of tensor expressions, operator by operator.
# earns: all
def lower_to_one(mod):
    from tvm import topi

    main = mod["main"]
    table = {"relax.matmul": topi.matmul, "relax.add": topi.add, "relax.multiply": topi.multiply,
             "relax.subtract": topi.subtract, "relax.nn.relu": topi.nn.relu, "relax.tanh": topi.tanh,
             "relax.sigmoid": topi.sigmoid, "relax.exp": topi.exp}

    def everything(*arrays):
        values = dict(zip(main.params, arrays))
        for b in bindings(main):
            if isinstance(b.value, relax.Var):
                values[b.var] = values[b.value]
            else:
                values[b.var] = table[callee_name(b.value)](*(values[a] for a in b.value.args))
        return values[main.body.body]

    params = [relax.Var(p.name, p.ty) for p in main.params]
    builder = relax.BlockBuilder()
    with builder.function("main", params):
        with builder.dataflow():
            out = builder.emit_output(builder.call_te(everything, *params))
        builder.emit_func_output(out)
    return builder.finalize()
