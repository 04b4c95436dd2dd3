# Sweeps until nothing changes any more.
# earns: all
def prune(mod, pure):
    function = mod["main"]
    while True:
        counts, dropped, blocks = use_counts(function), 0, []
        for block in function.body.blocks:
            kept = []
            for b in block.bindings:
                library = isinstance(b.value, relax.Call) and isinstance(b.value.op, relax.ExternFunc)
                if counts.get(b.var, 0) == 0 and not (library and b.value.op.global_symbol not in set(pure)):
                    dropped += 1
                else:
                    kept.append(b)
            blocks.append(relax.DataflowBlock(kept) if isinstance(block, relax.DataflowBlock) else relax.BindingBlock(kept))
        body = relax.BlockBuilder().normalize(relax.SeqExpr(blocks, function.body.body))
        function = relax.Function(function.params, body, function.ret_ty, function.is_pure, function.attrs)
        if not dropped:
            return tvm.IRModule({mod.get_global_var("main"): function})
