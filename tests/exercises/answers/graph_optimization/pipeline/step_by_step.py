# All steps written out.
# earns: all
def pipeline(mod):
    for step in (
        transform.EliminateCommonSubexpr(),
        transform.DeadCodeElimination(),
        transform.LegalizeOps(),
        transform.AnnotateTIROpPattern(),
        transform.FoldConstant(),
        transform.FuseOps(),
        transform.FuseTIR(),
        passes.MergeLoops,
    ):
        mod = step(mod)
    return mod
