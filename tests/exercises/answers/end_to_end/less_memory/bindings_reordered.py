# The bindings of Ensemble, put into another order.
# earns: all
def reordered():
    old = Ensemble["main"]
    (block,) = old.body.blocks
    by_name = {binding.var.name: binding for binding in block.bindings}
    order = "e h0 g0 h1 g1 s1 h2 g2 s2 h3 g3 s3 h4 g4 s4 y".split()
    new = relax.DataflowBlock([by_name[name] for name in order])
    main = relax.Function(old.params, relax.SeqExpr([new], old.body.body), old.ret_ty, old.is_pure, old.attrs)
    return tvm.IRModule({"main": main})


Lean = reordered()
