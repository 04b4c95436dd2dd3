# Loops inside of the programs are not merged.
# loses: first, second, numbers
# says: merge the loops
def pipeline(mod):
    """A new module; see the prompt."""
    return Sequential([passes.EliminateCommonSubexpressions, legalize_and_fuse()])(mod)
