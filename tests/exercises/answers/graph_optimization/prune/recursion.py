# What a variable needs, by recursion.
# earns: all
def prune(mod, pure):
    main = mod["main"]
    value_of = {binding.var: binding.value for binding in bindings(main)}
    kept = set()

    def need(var):
        if var in value_of and var not in kept:
            kept.add(var)
            for other in operands(value_of[var]):
                need(other)

    for var in operands(main.body.body):
        need(var)
    for var, value in value_of.items():
        if isinstance(getattr(value, "op", None), relax.ExternFunc) and str(value.op.global_symbol) not in set(pure):
            need(var)
    blocks = [type(block)([each for each in block.bindings if each.var in kept]) for block in main.body.blocks]
    body = relax.BlockBuilder().normalize(relax.SeqExpr(blocks, main.body.body))
    function = relax.Function(main.params, body, main.ret_ty, main.is_pure, main.attrs)
    return tvm.IRModule({mod.get_global_var("main"): function})
