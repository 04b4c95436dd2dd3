# The walk and its counts in a class of their own.
# earns: all
def multiply_subtract(mod):
    @mutator
    class Rewriter(PyExprMutator):
        def __init__(self, mod):
            super().__init__(mod)
            self.mod_ = mod

        def transform(self):
            for gv, func in self.mod_.functions_items():
                if isinstance(func, relax.Function):
                    self.counts = use_counts(func)
                    self.builder_.update_func(gv, self.visit_expr(func))
            return self.builder_.finalize()

        def visit_call_(self, call):
            call = self.visit_expr_post_order(call)
            if not isinstance(call.op, ir.Op) or call.op.name != "relax.subtract":
                return call
            p, z = call.args
            value = self.lookup_binding(p) if isinstance(p, relax.Var) else None
            if not isinstance(value, relax.Call) or callee_name(value) != "relax.multiply" or self.counts[p] > 1:
                return call
            shapes = {tuple(int(n) for n in arg.ty.shape) for arg in (*value.args, z)}
            if len(shapes) > 1:
                return call
            return self.builder_.call_te(lambda a, b, c: te.compute(a.shape, lambda *i: a(*i) * b(*i) - c(*i)), *value.args, z)

    return transform.DeadCodeElimination()(Rewriter(mod).transform())
