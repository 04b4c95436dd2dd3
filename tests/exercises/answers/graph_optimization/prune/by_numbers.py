# Bindings by number: a table of what reads what, marked from the end.
# earns: all
def prune(mod, pure):
    main = mod["main"]
    listed = bindings(main)
    number = {binding.var: place for place, binding in enumerate(listed)}
    reads = [[number[var] for var in operands(binding.value) if var in number] for binding in listed]
    alive = [False] * len(listed)
    for place in (number[var] for var in operands(main.body.body) if var in number):
        alive[place] = True
    for place in range(len(listed) - 1, -1, -1):
        callee = getattr(listed[place].value, "op", None)
        library = isinstance(callee, relax.ExternFunc)
        if library and all(callee.global_symbol != name for name in pure):
            alive[place] = True
        if alive[place]:
            for other in reads[place]:
                alive[other] = True
    blocks = [type(block)([each for each in block.bindings if alive[number[each.var]]]) for block in main.body.blocks]
    body = relax.BlockBuilder().normalize(relax.SeqExpr(blocks, main.body.body))
    function = relax.Function(main.params, body, main.ret_ty, main.is_pure, main.attrs)
    return tvm.IRModule({mod.get_global_var("main"): function})
