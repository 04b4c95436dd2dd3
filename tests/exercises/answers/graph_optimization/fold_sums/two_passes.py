# TVM folds the constants first, then sums are joined until nothing changes.
# earns: all
def fold_sums(mod):
    def scalar(v, names):
        v = names.get(v, v) if isinstance(v, relax.Var) else v
        return float(v.value.numpy()) if isinstance(v, ir.GenericConst) else None

    @mutator
    class Join(PyExprMutator):
        changed = False

        def visit_call_(self, call):
            call = self.visit_expr_post_order(call)
            outer = self.part(call)
            inner = self.part(self.lookup_binding(outer[0])) if outer and isinstance(outer[0], relax.Var) else None
            if inner is None:
                return call
            return relax.op.add(inner[0], relax.const(inner[1] + outer[1], "float32"))

        def part(self, call):
            if not isinstance(call, relax.Call) or callee_name(call) != "relax.add":
                return None
            for a, b in ((0, 1), (1, 0)):
                value = call.args[b]
                value = self.lookup_binding(value) if isinstance(value, relax.Var) else value
                if isinstance(value, ir.GenericConst):
                    return call.args[a], float(value.value.numpy())
            return None

    clean = Sequential([transform.FoldConstant(), transform.DeadCodeElimination()])
    mod = clean(mod)
    for _ in range(12):
        join = Join(mod)
        gv = mod.get_global_var("main")
        join.builder_.update_func(gv, join.visit_expr(mod[gv]))
        mod = clean(join.builder_.finalize())
    return mod
