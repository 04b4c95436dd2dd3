# The match is asked who reads its inner values; the bias is recognised by the number of its dimensions.
# earns: all
def layer(found):
    linear = is_op("relax.matmul")(wildcard(), is_op("relax.permute_dims")(wildcard()))
    return is_op("relax.add")(linear, found.setdefault("bias", wildcard()))


def closed(match, returned):
    inside = list(match.matched_bindings.keys())
    values = list(match.matched_bindings.values())
    for var, value in zip(inside, values):
        if not value.same_as(match.matched_expr):
            readers = match.var_usages.get(var, [])
            if var in returned or not all(any(reader.same_as(each) for each in inside) for reader in readers):
                return False
    return match.annotated_expr["bias"].ty.ndim == 1


def fuse_pattern(mod):
    entries, returned = [], set(operands(mod["main"].body.body))
    for name, close in (("lab.linear_relu", is_op("relax.nn.relu")), ("lab.linear", lambda pattern: pattern)):
        found = {}
        entries.append((name, close(layer(found)), found, lambda match: closed(match, returned)))
    return transform.FuseOpsByPattern(entries, bind_constants=False)(mod)
