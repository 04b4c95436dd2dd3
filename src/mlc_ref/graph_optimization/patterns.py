"""The rewrites of ``multiply_add`` and ``operator_fusion`` in TVM's dataflow pattern language (``relax.dpl``).

A pattern is a picture of the values to find: ``is_op(name)(…)`` is a call, ``wildcard()`` anything.
What a pattern cannot say, such as "nothing else reads this value", a check on the match says.
"""

from collections.abc import Callable

import tvm
from tvm import relax
from tvm.relax.backend.utils import has_leaking_intermediate_variables
from tvm.relax.dpl import DFPattern, is_op, rewrite_call, wildcard
from tvm.relax.transform import FuseOpsByPattern, FusionPattern, PatternCheckContext

from mlc_ref.graph_optimization.dead_code import without_dead_code
from mlc_ref.graph_optimization.multiply_add import multiply_add, same_type
from mlc_ref.graph_optimization.walk import producers, relax_functions, use_counts
from mlc_ref.kinds import takes


def linear_pattern(activation: bool) -> FusionPattern:
    """``matmul + bias``, with or without ReLU, where nothing else reads the product or the sum."""
    bias = wildcard()
    total = is_op("relax.add")(is_op("relax.matmul")(wildcard(), wildcard()), bias)
    pattern = is_op("relax.nn.relu")(total) if activation else total
    name = "course.linear_relu" if activation else "course.linear"
    return FusionPattern(name, pattern, {"bias": bias}, fits)


def fits(match: PatternCheckContext) -> bool:
    """Whether a match may be fused: its inner values stay inside, and the bias is a vector.

    ``FuseOpsByPattern`` alone would fuse a value that others read, and return it beside the result.
    """
    is_vector = len(match.annotated_expr["bias"].ty.shape or ()) == 1
    return is_vector and not has_leaking_intermediate_variables(match)


@takes("IRModule")
def fuse_linear_by_pattern(mod: tvm.IRModule) -> tvm.IRModule:
    """``operator_fusion.fuse_linear`` with patterns; the first pattern that matches wins.

    The groups carry ``Primitive`` and, as ``Composite``, the pattern's name.
    """
    return FuseOpsByPattern([linear_pattern(True), linear_pattern(False)], bind_constants=False)(mod)


@takes("IRModule")
def rewrite_multiply_add_by_pattern(mod: tvm.IRModule) -> tvm.IRModule:
    """``multiply_add.rewrite_multiply_add`` with a pattern; the matcher tries both orders of an addition."""
    builder = relax.BlockBuilder(mod)
    product = is_op("relax.multiply")(wildcard(), wildcard())
    pattern = is_op("relax.add")(product, wildcard())
    for name, function in relax_functions(mod):
        rewritten = rewrite_call(pattern, _multiply_add_rewrite(builder, function, product), function)
        builder.update_func(name, without_dead_code(rewritten))
    return builder.finalize()


def _multiply_add_rewrite(
    builder: relax.BlockBuilder, function: relax.Function, product: DFPattern
) -> Callable[[relax.Call, dict[DFPattern, relax.Expr]], relax.Expr]:
    """What to put in the place of an addition that matched."""
    uses, values = use_counts(function), producers(function)

    def rewrite(addition: relax.Call, matched: dict[DFPattern, relax.Expr]) -> relax.Expr:
        # The pattern sees through variables: what matched may be a second name of a sum that stays.
        if not isinstance(addition, relax.Call):
            return addition
        # For the same reason the variable of the product is looked up again.
        for var, other in (tuple(addition.args), tuple(reversed(addition.args))):
            is_product = var in values and values[var].same_as(matched[product])
            if is_product and uses[var] == 1 and same_type(*matched[product].args, other):
                return builder.call_te(multiply_add, *matched[product].args, other)
        return addition

    return rewrite
