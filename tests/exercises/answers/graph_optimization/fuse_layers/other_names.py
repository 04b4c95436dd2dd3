# Other names for everything.
# earns: all
def fuse_layers(mod):
    """A new module; see the prompt."""
    def group_of(operands):
        x, w, b = params = [relax.Var(n, v.ty) for n, v in zip(["data", "weight", "bias"], operands)]
        builder = relax.BlockBuilder()
        with builder.function("layer", params, attrs={"Primitive": True}, private=True):
            with builder.dataflow():
                product = builder.emit(relax.op.matmul(x, builder.emit(relax.op.permute_dims(w))))
                out = builder.emit_output(relax.op.nn.relu(builder.emit(relax.op.add(product, b))))
            builder.emit_func_output(out)
        return builder.finalize()["layer"]

    @mutator
    class Fuser(PyExprMutator):
        def once(self, value, name):
            if not isinstance(value, relax.Var) or uses.get(value) != 1:
                return None
            call = self.lookup_binding(value)
            return call if callee_name(call) == name else None

        def visit_call_(self, call):
            call = self.visit_expr_post_order(call)
            total = self.once(call.args[0], "relax.add") if callee_name(call) == "relax.nn.relu" else None
            if total is None:
                return call
            for value, bias in (tuple(total.args), tuple(reversed(total.args))):
                product = self.once(value, "relax.matmul")
                turned = None if product is None else self.once(product.args[1], "relax.permute_dims")
                if turned is not None and len(bias.ty.shape) == 1:
                    operands = [product.args[0], turned.args[0], bias]
                    return relax.Call(self.builder_.add_func(group_of(operands), "layer"), operands)
            return call

    main = mod.get_global_var("main")
    uses = use_counts(mod[main])
    fuser = Fuser(mod)
    fuser.builder_.update_func(main, fuser.visit_expr(mod[main]))
    return transform.DeadCodeElimination()(fuser.builder_.finalize())
