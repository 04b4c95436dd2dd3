# TVM fuses what it fuses.
# loses: one, numbers
# says: FuseOps
def lower_to_one(mod):
    return relax.get_pipeline("zero")(mod)
