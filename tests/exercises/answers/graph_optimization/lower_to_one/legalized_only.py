# A program for each operator.
# loses: one, numbers
def lower_to_one(mod):
    return transform.LegalizeOps()(mod)
