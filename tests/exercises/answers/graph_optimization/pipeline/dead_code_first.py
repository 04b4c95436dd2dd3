# Dead code goes first.
# earns: all
def pipeline(mod):
    """A new module; see the prompt."""
    return Sequential([passes.EliminateDeadCode, passes.EliminateCommonSubexpressions, legalize_and_fuse(), passes.MergeLoops])(mod)
