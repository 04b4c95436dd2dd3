# The tensor program is made for each shape and added by hand, then called by relax.call_tir.
# earns: all
def program_for(shape):
    x, y, z = (te.placeholder(shape, "float32", name=name) for name in "xyz")
    out = te.compute(shape, lambda *at: x[at] * y[at] - z[at], name="out")
    return te.create_prim_func([x, y, z, out]).without_attr("global_symbol")


@mutator
class MulSub(PyExprMutator):
    def __init__(self, mod, counts):
        super().__init__(mod)
        self.counts, self.made = counts, {}

    def program(self, shape):
        if shape not in self.made:
            self.made[shape] = self.builder_.add_func(program_for(shape), "mulsub")
        return self.made[shape]

    def visit_call_(self, call):
        call = self.visit_expr_post_order(call)
        if callee_name(call) != "relax.subtract":
            return call
        first, second = call.args
        if not (isinstance(first, relax.Var) and self.counts.get(first, 0) == 1):
            return call
        value = self.lookup_binding(first)
        if value is None or callee_name(value) != "relax.multiply":
            return call
        operands = [value.args[0], value.args[1], second]
        shapes = {tuple(int(n) for n in each.ty.shape) for each in operands}
        if len(shapes) > 1:
            return call
        return relax.call_tir(self.program(shapes.pop()), operands, call.ty)


def multiply_subtract(mod):
    name = mod.get_global_var("main")
    walk = MulSub(mod, use_counts(mod[name]))
    walk.builder_.update_func(name, walk.visit_expr(mod[name]))
    return Sequential([transform.DeadCodeElimination()])(walk.builder_.finalize())
