# Constants are folded before what stands twice is removed.
# loses: second
def pipeline(mod):
    """A new module; see the prompt."""
    return Sequential([passes.simplify(), passes.EliminateCommonSubexpressions, legalize_and_fuse(), passes.MergeLoops])(mod)
