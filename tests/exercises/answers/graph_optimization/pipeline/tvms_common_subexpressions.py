# TVM's own elimination of what stands twice.
# earns: all
def pipeline(mod):
    """A new module; see the prompt."""
    return Sequential([transform.EliminateCommonSubexpr(), legalize_and_fuse(), passes.MergeLoops])(mod)
