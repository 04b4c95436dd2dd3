# Found with the pattern language.
# earns: all
def fuse_layers(mod):
    def fits(match):
        return len(match.annotated_expr["bias"].ty.shape) == 1 and not has_leaking_intermediate_variables(match)

    bias = wildcard()
    product = is_op("relax.matmul")(wildcard(), is_op("relax.permute_dims")(wildcard()))
    layer = is_op("relax.nn.relu")(is_op("relax.add")(product, bias))
    return transform.FuseOpsByPattern([("layer", layer, {"bias": bias}, fits)], bind_constants=False)(mod)
