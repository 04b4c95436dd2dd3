# A product that is also returned is rewritten all the same.
# loses: left
# says: returned as well
def multiply_subtract(mod):
    def ms(x, y, z):
        return te.compute(x.shape, lambda *i: x[i] * y[i] - z[i], name="ms")

    @mutator
    class M(PyExprMutator):
        def __init__(self, mod):
            super().__init__(mod)
            self.given = mod

        def go(self):
            f = self.given["main"]
            self.uses = use_counts(f); [self.uses.__setitem__(v, self.uses[v]-1) for v in operands(f.body.body)]
            self.builder_.update_func(self.given.get_global_var("main"), self.visit_expr(f))
            return transform.DeadCodeElimination()(self.builder_.finalize())

        def visit_call_(self, call):
            call = self.visit_expr_post_order(call)
            if callee_name(call) != "relax.subtract":
                return call
            p, z = call.args
            if not isinstance(p, relax.Var) or self.uses.get(p) != 1:
                return call
            prod = self.lookup_binding(p)
            if not isinstance(prod, relax.Call) or callee_name(prod) != "relax.multiply":
                return call
            x, y = prod.args
            if not ([int(d) for d in x.ty.shape] == [int(d) for d in y.ty.shape] == [int(d) for d in z.ty.shape]):
                return call
            return self.builder_.call_te(ms, x, y, z)

    return M(mod).go()
