# A module pass of its own, run inside a context.
# earns: all
@tvm.transform.module_pass(opt_level=0, name="Pipeline")
class Pipeline:
    def transform_module(self, mod, context):
        mod = transform.EliminateCommonSubexpr()(transform.Normalize()(mod))
        mod = transform.DeadCodeElimination(["main"])(mod)
        mod = legalize_and_fuse()(mod)
        return passes.MergeLoops(mod)


def pipeline(mod):
    with tvm.transform.PassContext(opt_level=3):
        return Pipeline()(mod)
