# A new function built binding by binding, without a mutator.
# earns: all
def multiply_subtract(mod):
    main = mod["main"]
    counts = use_counts(main)
    value_of = {b.var: b.value for b in bindings(main)}

    def program(x, y, z):
        return te.compute(x.shape, lambda *i: x[i] * y[i] - z[i], name="muls")

    def pair(value):
        if callee_name(value) != "relax.subtract" or not isinstance(value.args[0], relax.Var):
            return None
        product = value_of.get(value.args[0])
        if product is None or callee_name(product) != "relax.multiply" or counts[value.args[0]] != 1:
            return None
        three = [*product.args, value.args[1]]
        shapes = [list(map(int, each.ty.shape)) for each in three]
        return three if shapes[0] == shapes[1] and shapes[1] == shapes[2] else None

    gone = {value.args[0] for value in value_of.values() if pair(value)}
    params = [relax.Var(p.name, p.ty) for p in main.params]
    new = dict(zip(main.params, params))
    builder = relax.BlockBuilder()

    def renamed(value):
        if isinstance(value, relax.Tuple):
            return relax.Tuple([renamed(field) for field in value.fields])
        return new[value] if isinstance(value, relax.Var) else value

    with builder.function("main", params):
        with builder.dataflow():
            for b in bindings(main):
                if b.var in gone:
                    continue
                three = pair(b.value)
                if three:
                    new[b.var] = builder.emit(builder.call_te(program, *map(renamed, three)))
                else:
                    new[b.var] = builder.emit(relax.Call(b.value.op, [renamed(a) for a in b.value.args], b.value.attrs))
            out = builder.emit_output(renamed(main.body.body))
        builder.emit_func_output(out)
    return builder.finalize()
