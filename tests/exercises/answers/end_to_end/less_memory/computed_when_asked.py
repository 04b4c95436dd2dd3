# Ensemble walked from its result: each value is computed when it is first asked for.
# earns: all
def lean():
    old = Ensemble["main"]
    value_of = {binding.var: binding.value for block in old.body.blocks for binding in block.bindings}
    params = [relax.Var(param.name, param.ty) for param in old.params]
    new = dict(zip(old.params, params))
    bb = relax.BlockBuilder()

    def asked(var):
        if var not in new:
            call = value_of[var]
            new[var] = bb.emit(relax.Call(call.op, [asked(argument) for argument in call.args], call.attrs))
        return new[var]

    with bb.function("main", params):
        with bb.dataflow():
            result = bb.emit_output(asked(old.body.body))
        bb.emit_func_output(result)
    return bb.finalize()


Lean = lean()
