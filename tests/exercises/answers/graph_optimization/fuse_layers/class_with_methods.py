# A rewriter in a class with methods.
# earns: all
def fuse_layers(mod):
    @mutator
    class M(PyExprMutator):
        def __init__(self, mod):
            super().__init__(mod)
            self.given = mod

        def go(self):
            f = self.given["main"]
            self.uses = use_counts(f)
            self.builder_.update_func(self.given.get_global_var("main"), self.visit_expr(f))
            return transform.DeadCodeElimination()(self.builder_.finalize())

        def single(self, v, op):
            if not isinstance(v, relax.Var) or self.uses.get(v) != 1:
                return None
            c = self.lookup_binding(v)
            return c if isinstance(c, relax.Call) and callee_name(c) == op else None

        def visit_call_(self, call):
            call = self.visit_expr_post_order(call)
            if callee_name(call) != "relax.nn.relu":
                return call
            s = self.single(call.args[0], "relax.add")
            if s is None:
                return call
            for h, b in ((s.args[0], s.args[1]), (s.args[1], s.args[0])):
                m = self.single(h, "relax.matmul")
                if m is None or len(b.ty.shape) != 1:
                    continue
                t = self.single(m.args[1], "relax.permute_dims")
                if t is None:
                    continue
                return self.group(m.args[0], t.args[0], b)
            return call

        def group(self, *operands):
            params = [relax.Var(n, o.ty) for n, o in zip("xwb", operands)]
            x, w, b = params
            bb = relax.BlockBuilder()
            with bb.function("layer", params, attrs={"Primitive": True}, private=True):
                with bb.dataflow():
                    t = bb.emit(relax.op.permute_dims(w))
                    h = bb.emit(relax.op.matmul(x, t))
                    s = bb.emit(relax.op.add(h, b))
                    r = bb.emit_output(relax.op.nn.relu(s))
                bb.emit_func_output(r)
            g = self.builder_.add_func(copy_with_new_vars(bb.finalize()["layer"]), "layer")
            return relax.Call(g, list(operands))

    return M(mod).go()
