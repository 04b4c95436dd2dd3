# Forward: each variable carries the set of all that it rests on; what the result and the effects rest on stays.
# earns: all
def prune(mod, pure):
    main = mod["main"]
    rests_on, live = {}, set()
    for binding in bindings(main):
        rests_on[binding.var] = {binding.var}.union(*(rests_on.get(var, set()) for var in operands(binding.value)))
        callee = getattr(binding.value, "op", None)
        if isinstance(callee, relax.ExternFunc) and callee.global_symbol not in pure:
            live |= rests_on[binding.var]
    live = live.union(*(rests_on.get(var, set()) for var in operands(main.body.body)))
    blocks = [type(block)([b for b in block.bindings if b.var in live]) for block in main.body.blocks]
    body = relax.BlockBuilder().normalize(relax.SeqExpr(blocks, main.body.body))
    return tvm.IRModule({"main": relax.Function(main.params, body, main.ret_ty, main.is_pure, main.attrs)})
