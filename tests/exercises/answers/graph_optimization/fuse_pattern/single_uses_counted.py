# The counts are at hand as well, the leak check decides.
# earns: all
def fuse_pattern(mod):
    """A new module; see the prompt."""
    counts = use_counts(mod["main"])

    def fits(match):
        is_vector = len(match.annotated_expr["bias"].ty.shape) == 1
        return is_vector and not has_leaking_intermediate_variables(match) and counts is not None

    bias = wildcard()
    product = is_op("relax.matmul")(wildcard(), is_op("relax.permute_dims")(wildcard()))
    total = is_op("relax.add")(product, bias)
    found = {"bias": bias}
    patterns = [
        ("lab.linear_relu", is_op("relax.nn.relu")(total), found, fits),
        ("lab.linear", total, found, fits),
    ]
    return transform.FuseOpsByPattern(patterns, bind_constants=False)(mod)
