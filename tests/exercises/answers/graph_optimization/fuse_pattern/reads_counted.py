# Whether a value leaks is found out by counting its reads in the graph.
# earns: all
def fuse_pattern(mod):
    counts = use_counts(mod["main"])

    def fits(match):
        for var, value in match.matched_bindings.items():
            if not value.same_as(match.matched_expr) and counts.get(var, 0) != 1:
                return False
        return len(match.annotated_expr["b"].ty.shape) == 1

    x, w, b = wildcard(), wildcard(), wildcard()
    linear = is_op("relax.add")(is_op("relax.matmul")(x, is_op("relax.permute_dims")(w)), b)
    names = {"x": x, "w": w, "b": b}
    both = [("lab.linear_relu", is_op("relax.nn.relu")(linear), names, fits), ("lab.linear", linear, names, fits)]
    return Sequential([transform.FuseOpsByPattern(both, bind_constants=False)])(mod)
