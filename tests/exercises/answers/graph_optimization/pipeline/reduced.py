# The passes as a list, applied one after the other by reduce.
# earns: all
from functools import reduce


def pipeline(mod):
    steps = [passes.EliminateDeadCode, passes.EliminateCommonSubexpressions, legalize_and_fuse(), passes.MergeLoops]
    return reduce(lambda module, step: step(module), steps, mod)
