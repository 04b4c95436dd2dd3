# The elimination runs twice.
# earns: all
def pipeline(mod):
    """A new module; see the prompt."""
    return Sequential([passes.EliminateCommonSubexpressions, passes.EliminateCommonSubexpressions, legalize_and_fuse(), passes.MergeLoops])(mod)
