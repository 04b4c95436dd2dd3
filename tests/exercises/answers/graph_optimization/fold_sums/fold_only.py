# Constants alone are computed, sums are not joined.
# loses: two, longer, numbers
def fold_sums(mod):
    return Sequential([transform.FoldConstant(), transform.DeadCodeElimination()])(mod)
