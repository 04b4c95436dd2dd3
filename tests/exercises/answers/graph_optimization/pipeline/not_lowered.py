# Groups that are not lowered.
# loses: first, second, numbers
# says: tensor programs
def pipeline(mod):
    steps = [passes.EliminateCommonSubexpressions, transform.LegalizeOps(), transform.AnnotateTIROpPattern(), transform.FuseOps()]
    return Sequential(steps)(mod)
