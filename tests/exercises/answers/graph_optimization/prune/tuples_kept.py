# Tuples and their fields stay, and keep dead calls alive.
# loses: dead
# says: no call that nothing needs
def prune(mod, pure):
    f = mod["main"]
    needed = set(operands(f.body.body))
    blocks = []
    for block in reversed(f.body.blocks):
        kept = []
        for bd in reversed(block.bindings):
            v = bd.value
            effect = isinstance(v, relax.Call) and isinstance(v.op, relax.ExternFunc) and v.op.global_symbol not in pure
            if bd.var in needed or effect or isinstance(v, relax.Tuple) or isinstance(v, relax.TupleGetItem):
                kept.insert(0, bd)
                needed.update(operands(v))
        blocks.insert(0, type(block)(kept))
    body = relax.BlockBuilder().normalize(relax.SeqExpr(blocks, f.body.body))
    new = relax.Function(f.params, body, f.ret_ty, f.is_pure, f.attrs)
    return tvm.IRModule({"main": new})
