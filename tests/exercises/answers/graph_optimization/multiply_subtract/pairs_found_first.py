# A first walk lists the pairs; a mutator then replaces exactly these.
# earns: all
def multiply_subtract(mod):
    main = mod["main"]
    counts, value_of = use_counts(main), {binding.var: binding.value for binding in bindings(main)}

    def sizes(value):
        return [int(size) for size in value.ty.shape]

    pairs = {}
    for var, value in value_of.items():
        if callee_name(value) != "relax.subtract":
            continue
        p, z = value.args
        product = value_of.get(p) if isinstance(p, relax.Var) else None
        if product is None or callee_name(product) != "relax.multiply" or counts[p] > 1:
            continue
        if sizes(product.args[0]) == sizes(product.args[1]) == sizes(z):
            pairs[var] = (*product.args, z)

    @mutator
    class Replace(PyExprMutator):
        def visit_var_binding_(self, binding):
            if binding.var not in pairs:
                return super().visit_var_binding_(binding)
            x, y, z = map(self.visit_expr, pairs[binding.var])
            call = self.builder_.call_te(lambda a, b, c: te.compute(a.shape, lambda *at: a(*at) * b(*at) - c(*at)), x, y, z)
            emit = self.builder_.emit if isinstance(binding.var, relax.DataflowVar) else self.builder_.emit_output
            self.set_var_remap(binding.var, emit(call))

    replace = Replace(mod)
    replace.builder_.update_func(mod.get_global_var("main"), replace.visit_expr(main))
    return transform.DeadCodeElimination()(replace.builder_.finalize())
