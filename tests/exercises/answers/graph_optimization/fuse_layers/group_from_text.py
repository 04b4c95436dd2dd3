# The sub-function is written as text and parsed, once for each layer.
# earns: all
TEXT = """# from tvm.script import relax as R, ir as I
@I.ir_module
class Module:
    @R.function(private=True)
    def group(x: R.Tensor({x}, "float32"), w: R.Tensor({w}, "float32"), b: R.Tensor({b}, "float32")):
        R.func_attr({{"Primitive": True}})
        with R.dataflow():
            t = R.permute_dims(w)
            h = R.matmul(x, t)
            s = R.add(h, b)
            r = R.nn.relu(s)
            R.output(r)
        return r
"""


def fuse_layers(mod):
    main = mod.get_global_var("main")
    uses = use_counts(mod[main])

    @mutator
    class Fuse(PyExprMutator):
        def chain(self, value, *names):
            """The calls from a value backwards along first operands, or None."""
            if not names:
                return []
            if not isinstance(value, relax.Var) or uses.get(value) != 1:
                return None
            call = self.lookup_binding(value)
            if callee_name(call) != names[0]:
                return None
            rest = self.chain(call.args[1] if names[0] == "relax.matmul" else call.args[0], *names[1:])
            return None if rest is None else [call, *rest]

        def visit_call_(self, call):
            call = self.visit_expr_post_order(call)
            if callee_name(call) != "relax.nn.relu" or self.chain(call.args[0], "relax.add") is None:
                return call
            total = self.lookup_binding(call.args[0])
            for value, bias in (total.args, reversed(total.args)):
                found = self.chain(value, "relax.matmul", "relax.permute_dims")
                if found is not None and len(bias.ty.shape) == 1:
                    given = [found[0].args[0], found[1].args[0], bias]
                    shapes = {name: tuple(int(n) for n in each.ty.shape) for name, each in zip("xwb", given)}
                    group = tvm.script.from_source(TEXT.format(**shapes))["group"]
                    return relax.Call(self.builder_.add_func(group, "group"), given)
            return call

    fuse = Fuse(mod)
    fuse.builder_.update_func(main, fuse.visit_expr(mod[main]))
    return transform.DeadCodeElimination()(fuse.builder_.finalize())
