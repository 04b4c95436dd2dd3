# A class makes the pattern and checks its matches.
# earns: all
class Layer:
    def __init__(self, name, *outer):
        self.name, self.parts = name, {"bias": wildcard(), "weight": wildcard(), "data": wildcard()}
        self.pattern = is_op("relax.matmul")(self.parts["data"], is_op("relax.permute_dims")(self.parts["weight"]))
        self.pattern = is_op("relax.add")(self.pattern, self.parts["bias"])
        for operator in outer:
            self.pattern = is_op(operator)(self.pattern)

    def __call__(self, match):
        rank = len([int(size) for size in match.annotated_expr["bias"].ty.shape])
        return not (rank != 1 or has_leaking_intermediate_variables(match))

    def as_tuple(self):
        return self.name, self.pattern, self.parts, self


def fuse_pattern(mod):
    layers = [Layer("lab.linear_relu", "relax.nn.relu"), Layer("lab.linear")]
    fuse = transform.FuseOpsByPattern(patterns=[layer.as_tuple() for layer in layers], bind_constants=False)
    return fuse(mod)
