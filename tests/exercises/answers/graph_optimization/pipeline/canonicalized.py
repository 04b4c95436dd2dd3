# Bindings are made canonical first; bytes are compared before a pass is kept.
# earns: all
def pipeline(mod):
    mod = Sequential([transform.CanonicalizeBindings(), passes.EliminateCommonSubexpressions])(mod)
    fused = legalize_and_fuse()(mod)
    merged = passes.MergeLoops(fused)
    return merged if intermediates(merged).total <= intermediates(fused).total else fused
