# Fresh patterns from functions.
# earns: all
def fuse_pattern(mod):
    def linear():
        bias = wildcard().has_dtype("float32")
        x, w = wildcard(), wildcard()
        return is_op("relax.add")(is_op("relax.matmul")(x, is_op("relax.permute_dims")(w)), bias), {"bias": bias}

    def check(context):
        if has_leaking_intermediate_variables(context):
            return False
        return context.annotated_expr["bias"].ty.ndim == 1

    body, annotations = linear()
    activated, more = linear()
    return transform.FuseOpsByPattern(
        [("lab.linear_relu", is_op("relax.nn.relu")(activated), more, check), ("lab.linear", body, annotations, check)],
        bind_constants=False,
    )(mod)
