# A single sweep from the front: chains survive.
# loses: dead, effects, numbers
def prune(mod, pure):
    main = mod["main"]
    counts = use_counts(main)
    blocks = []
    for block in main.body.blocks:
        kept = [
            b for b in block.bindings
            if counts[b.var] or (isinstance(getattr(b.value, "op", None), relax.ExternFunc) and b.value.op.global_symbol not in pure)
        ]
        blocks.append(type(block)(kept))
    body = relax.BlockBuilder().normalize(relax.SeqExpr(blocks, main.body.body))
    return tvm.IRModule({"main": relax.Function(main.params, body, main.ret_ty, main.is_pure, main.attrs)})
