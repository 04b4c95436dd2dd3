# The ReLU stays outside, so the groups have three operators.
# loses: groups, left, numbers
def fuse_layers(mod):
    bias = wildcard()
    total = is_op("relax.add")(is_op("relax.matmul")(wildcard(), is_op("relax.permute_dims")(wildcard())), bias)
    found = {"bias": bias}
    return transform.FuseOpsByPattern([("layer", total, found)], bind_constants=False)(mod)
