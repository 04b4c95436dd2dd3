# Marks what is live by a worklist, then filters.
# earns: all
def prune(mod, pure):
    main = mod["main"]
    all_bindings = bindings(main)
    by_var = {b.var: b for b in all_bindings}

    def effect(b):
        return isinstance(b.value, relax.Call) and isinstance(b.value.op, relax.ExternFunc) and str(b.value.op.global_symbol) not in pure

    todo = list(operands(main.body.body)) + [b.var for b in all_bindings if effect(b)]
    alive = set()
    while todo:
        var = todo.pop()
        if var in alive or var not in by_var:
            continue
        alive.add(var)
        todo += operands(by_var[var].value)
    blocks = [type(block)([b for b in block.bindings if b.var in alive]) for block in main.body.blocks]
    body = relax.BlockBuilder().normalize(relax.SeqExpr(blocks, main.body.body))
    return tvm.IRModule({"main": relax.Function(main.params, body, main.ret_ty, main.is_pure, main.attrs)})
