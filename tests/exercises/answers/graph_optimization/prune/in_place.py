# Writes the new function into the given module and returns that.
# loses: dead
# says: changed it
def prune(mod, pure):
    f = mod["main"]
    needed = set(operands(f.body.body))
    blocks = []
    for block in reversed(f.body.blocks):
        kept = []
        for bd in reversed(block.bindings):
            v = bd.value
            effect = isinstance(v, relax.Call) and isinstance(v.op, relax.ExternFunc) and v.op.global_symbol not in pure
            if bd.var in needed or effect:
                kept.insert(0, bd)
                needed.update(operands(v))
        blocks.insert(0, type(block)(kept))
    body = relax.BlockBuilder().normalize(relax.SeqExpr(blocks, f.body.body))
    new = relax.Function(f.params, body, f.ret_ty, f.is_pure, f.attrs)
    mod.update_func(mod.get_global_var("main"), new); return mod
