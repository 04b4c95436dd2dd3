# Every difference becomes a call of a program, whatever is subtracted from.
# loses: rewritten, left, numbers
def multiply_subtract(mod):
    return transform.LegalizeOps()(mod)
