# The patterns that TVM has ready for its own libraries.
# earns: all
from tvm.relax.backend.patterns import make_matmul_pattern


def fuse_pattern(mod):
    def fits(match):
        if has_leaking_intermediate_variables(match):
            return False
        return match.annotated_expr["bias"].ty.ndim == 1

    patterns = []
    for name, activation in (("lab.linear_relu", "relax.nn.relu"), ("lab.linear", None)):
        pattern, annotations = make_matmul_pattern(with_bias=True, activation=activation, transposed_rhs=True)
        patterns.append((name, pattern, annotations, fits))
    return transform.FuseOpsByPattern(patterns, bind_constants=False)(mod)
