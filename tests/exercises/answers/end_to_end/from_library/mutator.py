# A mutator replaces the one call in the graph.
# earns: all
from tvm.relax.expr_functor import PyExprMutator, mutator


@mutator
class ToLibrary(PyExprMutator):
    def visit_call_(self, call):
        if call.args and isinstance(call.args[0], tvm.ir.GlobalVar) and call.args[0].name_hint == "project":
            return relax.call_dps_packed("lab.linear", call.args[1], call.ty)
        return call


def replaced():
    main = Pipeline.get_global_var("main")
    walk = ToLibrary(Pipeline)
    walk.builder_.update_func(main, walk.visit_expr(Pipeline[main]))
    module = walk.builder_.finalize()
    return tvm.IRModule({var: module[var] for var in module.get_global_vars() if var.name_hint != "project"})


def run_with_library(x, v, w, b, library):
    tvm.register_global_func("lab.linear", library, override=True)
    module = replaced()
    machine = relax.VirtualMachine(tvm.compile(module, "llvm"), tvm.cpu())
    return module, machine["main"](*map(tvm.runtime.tensor, (x, v, w, b))).numpy()
