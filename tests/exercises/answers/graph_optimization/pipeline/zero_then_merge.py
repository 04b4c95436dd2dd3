# The ready pipeline between the two others.
# earns: all
def pipeline(mod):
    mod = passes.EliminateCommonSubexpressions(mod)
    mod = relax.get_pipeline("zero")(mod)
    return passes.MergeLoops(mod)
