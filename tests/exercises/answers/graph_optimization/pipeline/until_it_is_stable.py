# The graph is cleaned until nothing changes any more; what follows depends on what a step leaves.
# earns: all
import tvm_ffi


def pipeline(mod):
    before = None
    while before is None or not tvm_ffi.structural_equal(before, mod):
        before = mod
        mod = transform.DeadCodeElimination(["main"])(passes.EliminateCommonSubexpressions(mod))
    mod, left = legalize_and_fuse()(mod), float("inf")
    while (total := intermediates(mod).total) < left:
        left, mod = total, passes.MergeLoops(mod)
    return mod
