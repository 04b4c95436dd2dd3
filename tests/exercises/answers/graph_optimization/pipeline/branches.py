# The work stands in both branches of a condition.
# loses: first, second, numbers
def pipeline(mod):
    done = Sequential([legalize_and_fuse(), passes.MergeLoops])(mod)
    main = done["main"]
    params = list(main.params)
    condition = relax.const(True, "bool")
    branch = relax.SeqExpr(main.body.blocks, main.body.body)
    var = relax.Var("out", main.ret_ty)
    other = copy_with_new_vars(main)
    moved = relax.If(condition, branch, relax.SeqExpr([], relax.const(np.zeros([int(n) for n in main.ret_ty.shape], "float32"))))
    body = relax.SeqExpr([relax.BindingBlock([relax.VarBinding(var, moved)])], var)
    done.update_func(done.get_global_var("main"), relax.Function(params, body, main.ret_ty).with_attr("global_symbol", "main"))
    return relax.transform.Normalize()(done)
