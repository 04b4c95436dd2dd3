# Folded constants are bound to variables of their own.
# earns: all
def fold_sums(mod):
    """A new module; see the prompt."""
    compute = {"relax.add": np.add, "relax.subtract": np.subtract, "relax.multiply": np.multiply}

    @mutator
    class Folder(PyExprMutator):
        def constant(self, value):
            if isinstance(value, relax.Var):
                value = self.lookup_binding(value)
            return value.value.numpy() if isinstance(value, ir.GenericConst) else None

        def sum_of(self, call):
            """The operand and the constant of an addition of a constant, else None."""
            if callee_name(call) != "relax.add":
                return None
            for rest, other in (tuple(call.args), tuple(reversed(call.args))):
                constant = self.constant(other)
                if constant is not None:
                    return rest, constant
            return None

        def visit_call_(self, call):
            call = self.visit_expr_post_order(call)
            if callee_name(call) not in compute:
                return call
            left, right = (self.constant(argument) for argument in call.args)
            if left is not None and right is not None:
                return relax.const(np.asarray(compute[callee_name(call)](left, right), "float32"))
            outer = self.sum_of(call)
            if outer is None:
                return call
            inner = self.sum_of(self.lookup_binding(outer[0]))
            return call if inner is None else relax.op.add(inner[0], relax.const(inner[1] + outer[1], "float32"))

    main = mod.get_global_var("main")
    folder = Folder(mod)
    folder.builder_.update_func(main, folder.visit_expr(mod[main]))
    return transform.DeadCodeElimination()(folder.builder_.finalize())
