"""Dead code: bindings whose value nobody reads, functions nobody calls."""

from typing import TYPE_CHECKING

from mlc_ref.graph_optimization.walk import operands, relax_functions
from mlc_ref.kinds import takes

if TYPE_CHECKING:
    import tvm
    from tvm import relax


@takes("relax.Function")
def without_dead_code(function: "relax.Function") -> "relax.Function":
    """The function without bindings that nothing needs.

    One walk from the end to the beginning: what is returned is needed; a binding is kept if its
    variable is needed or its value has an effect; what a kept binding reads is needed too.

    Before::

        lost = R.exp(x)
        kept = R.nn.relu(x)
        return kept

    After::

        kept = R.nn.relu(x)
        return kept
    """
    from tvm import relax

    needed = set(operands(function.body.body))
    blocks: list[relax.BindingBlock] = []
    for block in reversed(function.body.blocks):
        kept: list[relax.Binding] = []
        for binding in reversed(block.bindings):
            if binding.var in needed or has_effect(binding):
                kept.insert(0, binding)
                needed.update(operands(binding.value))
        blocks.insert(0, type(block)(kept))
    # A node built by hand has no type yet; normalizing deduces it, and drops empty blocks.
    body = relax.BlockBuilder().normalize(relax.SeqExpr(blocks, function.body.body))
    return relax.Function(function.params, body, function.ret_ty, function.is_pure, function.attrs)


def has_effect(binding: "relax.Binding") -> bool:
    """Whether a binding does more than name a value: it checks a type, or calls something impure."""
    from tvm import relax
    from tvm.relax.analysis import contains_impure_call

    return isinstance(binding, relax.MatchCast) or contains_impure_call(binding.value)


@takes("IRModule")
def reachable_functions(mod: "tvm.IRModule") -> set["tvm.ir.GlobalVar"]:
    """Functions that can be called from outside, and those they call, directly or not."""
    from tvm import relax
    from tvm.relax.analysis import all_global_vars

    pending = [var for var, f in mod.functions_items() if f.attrs and "global_symbol" in f.attrs]
    reached = set()
    while pending:
        var = pending.pop()
        if var in reached:
            continue
        reached.add(var)
        if isinstance(mod[var], relax.Function):
            pending.extend(all_global_vars(mod[var]))
    return reached


@takes("IRModule")
def eliminate_dead_code(mod: "tvm.IRModule") -> "tvm.IRModule":
    """The module without dead bindings, and without private functions that nothing reaches any more."""
    from tvm import IRModule

    functions = dict(mod.functions_items())
    functions.update((var, without_dead_code(function)) for var, function in relax_functions(mod))
    cleaned = IRModule(functions, attrs=mod.attrs)
    reached = reachable_functions(cleaned)
    return IRModule({var: function for var, function in functions.items() if var in reached}, attrs=mod.attrs)
