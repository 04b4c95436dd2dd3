# Layers without ReLU become groups too.
# loses: left
def fuse_layers(mod):
    def fits(match):
        return len(match.annotated_expr["bias"].ty.shape) == 1 and not has_leaking_intermediate_variables(match)

    bias = wildcard()
    total = is_op("relax.add")(is_op("relax.matmul")(wildcard(), is_op("relax.permute_dims")(wildcard())), bias)
    found = {"bias": bias}
    patterns = [("a", is_op("relax.nn.relu")(total), found, fits), ("b", total, found, fits)]
    return transform.FuseOpsByPattern(patterns, bind_constants=False)(mod)
