# Writes the new main into the given module.
# loses: first
# says: changed it
def pipeline(mod):
    """A new module; see the prompt."""
    done = Sequential([passes.EliminateCommonSubexpressions, legalize_and_fuse(), passes.MergeLoops])(mod)
    mod.update_func(mod.get_global_var("main"), done["main"])
    return done
