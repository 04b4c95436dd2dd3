# Variables to be looked at in a list, until it is empty.
# earns: all
def prune(mod, pure):
    main = mod["main"]
    value_of = {binding.var: binding.value for binding in bindings(main)}

    def effect(value):
        return isinstance(value, relax.Call) and isinstance(value.op, relax.ExternFunc) and value.op.global_symbol not in pure

    waiting = list(operands(main.body.body)) + [var for var, value in value_of.items() if effect(value)]
    kept = set()
    while waiting:
        var = waiting.pop()
        if var not in kept:
            kept.add(var)
            if var in value_of:
                waiting.extend(operands(value_of[var]))
    blocks = [type(block)([each for each in block.bindings if each.var in kept]) for block in main.body.blocks]
    body = relax.BlockBuilder().normalize(relax.SeqExpr(blocks, main.body.body))
    function = relax.Function(main.params, body, main.ret_ty, main.is_pure, main.attrs)
    return tvm.IRModule({mod.get_global_var("main"): function})
