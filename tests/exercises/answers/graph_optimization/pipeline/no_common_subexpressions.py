# The layer that stands twice is computed twice.
# loses: second
# says: computed twice
def pipeline(mod):
    """A new module; see the prompt."""
    return Sequential([legalize_and_fuse(), passes.MergeLoops])(mod)
