# What TVM removes by itself.
# loses: dead, effects, numbers
def prune(mod, pure):
    return transform.DeadCodeElimination()(mod)
