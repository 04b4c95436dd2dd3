# The new main is made of its parts, without a builder.
# earns: all
def lower_to_one(mod):
    lowered = transform.LegalizeOps()(mod)
    old = lowered["main"]
    group = copy_with_new_vars(old).without_attr("global_symbol").with_attr("Primitive", True)
    name = ir.GlobalVar("group")
    functions = {var: f for var, f in lowered.functions_items() if var.name_hint != "main"}
    functions[name] = group
    mixed = tvm.IRModule(functions)
    relax.expr._update_type(name, relax.FuncType([p.ty for p in group.params], group.ret_ty))
    params = [relax.Var(p.name, p.ty) for p in old.params]
    call = relax.Call(name, params)
    out = relax.Var("out", old.ret_ty)
    relax.expr._update_type(call, old.ret_ty)
    block = relax.DataflowBlock([relax.VarBinding(out, call)])
    mixed["main"] = relax.Function(params, relax.SeqExpr([block], out), old.ret_ty).with_attr("global_symbol", "main")
    return transform.FuseTIR()(relax.transform.Normalize()(mixed))
