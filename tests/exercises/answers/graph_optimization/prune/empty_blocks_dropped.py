# Blocks that came out empty are left out.
# earns: all
def prune(mod, pure):
    """A new module; see the prompt."""
    def has_effect(binding):
        op = getattr(binding.value, "op", None)
        return isinstance(op, relax.ExternFunc) and op.global_symbol not in pure

    main = mod["main"]
    needed = set(operands(main.body.body))
    blocks = []
    for block in reversed(main.body.blocks):
        kept = []
        for binding in reversed(block.bindings):
            if binding.var in needed or has_effect(binding):
                kept.insert(0, binding)
                needed.update(operands(binding.value))
        if kept:
            blocks.insert(0, type(block)(kept))
    body = relax.BlockBuilder().normalize(relax.SeqExpr(blocks, main.body.body))
    function = relax.Function(main.params, body, main.ret_ty, main.is_pure, main.attrs)
    return tvm.IRModule({mod.get_global_var("main"): function})
