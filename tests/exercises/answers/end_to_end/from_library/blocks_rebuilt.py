# The bindings of the graph are copied, one of them with another call.
# earns: all
def with_library():
    old = Pipeline["main"]
    bindings = []
    for binding in old.body.blocks[0].bindings:
        value = binding.value
        if value.args[0].name_hint == "project":
            value = relax.call_dps_packed("lab.linear", value.args[1], out_ty=value.ty)
        bindings.append(relax.VarBinding(binding.var, value))
    body = relax.SeqExpr([relax.DataflowBlock(bindings)], old.body.body)
    main = relax.Function(old.params, body, old.ret_ty, old.is_pure, old.attrs)
    functions = {var: Pipeline[var] for var in Pipeline.get_global_vars() if var.name_hint in ("mix", "square")}
    functions[Pipeline.get_global_var("main")] = main
    return relax.transform.Normalize()(tvm.IRModule(functions))


LIBRARY_MODULE = with_library()


def run_with_library(x, v, w, b, library):
    tvm.register_global_func("lab.linear", library, override=True)
    executable = tvm.compile(LIBRARY_MODULE, target="llvm")
    outcome = relax.VirtualMachine(executable, tvm.cpu())["main"](*(tvm.runtime.tensor(a) for a in (x, v, w, b)))
    return (LIBRARY_MODULE, np.array(outcome.numpy()))
