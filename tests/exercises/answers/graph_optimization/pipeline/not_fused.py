# One program for each operator.
# loses: first, second, numbers
def pipeline(mod):
    return transform.LegalizeOps()(mod)
