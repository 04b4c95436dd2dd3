# All orders of the passes are tried, and the one with the fewest bytes is taken.
# earns: all
from itertools import permutations


def pipeline(mod):
    steps = [passes.EliminateDeadCode, passes.EliminateCommonSubexpressions, legalize_and_fuse()]
    made = (Sequential([*order, passes.MergeLoops])(mod) for order in permutations(steps))
    return min(made, key=lambda module: intermediates(module).total)
