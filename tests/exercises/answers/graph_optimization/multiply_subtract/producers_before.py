# What is looked up is seen to be a call first.
# earns: all
def multiply_subtract(mod):
    """A new module; see the prompt."""
    def program(x, y, z):
        return te.compute(x.shape, lambda *i: x[i] * y[i] - z[i], name="multiply_subtract")

    @mutator
    class Rewriter(PyExprMutator):
        def visit_call_(self, call):
            call = self.visit_expr_post_order(call)
            if callee_name(call) != "relax.subtract":
                return call
            left, z = call.args
            if not isinstance(left, relax.Var) or uses.get(left) != 1:
                return call
            product = self.lookup_binding(left)
            if not isinstance(product, relax.Call):
                return call
            if callee_name(product) != "relax.multiply":
                return call
            x, y = product.args
            sizes = [[int(n) for n in value.ty.shape] for value in (x, y, z)]
            return self.builder_.call_te(program, x, y, z) if sizes[0] == sizes[1] == sizes[2] else call

    main = mod.get_global_var("main")
    uses = use_counts(mod[main])
    rewriter = Rewriter(mod)
    rewriter.builder_.update_func(main, rewriter.visit_expr(mod[main]))
    return transform.DeadCodeElimination()(rewriter.builder_.finalize())
