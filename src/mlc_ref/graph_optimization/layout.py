"""Convolutions with the channels last (NHWC), by ``ConvertLayout``.

A layout is a property of a whole graph: the pass rewrites the convolutions, pushes the new layout
through the operators that do not mind, and puts a ``permute_dims`` where the old one is needed.
"""

from bisect import bisect_left
from functools import partial

import tvm
from tvm import relax
from tvm.relax.transform import ConvertLayout

from mlc_ref.end_to_end.graph import callee_name
from mlc_ref.graph_optimization.visitors import count_calls
from mlc_ref.graph_optimization.walk import bindings, relax_functions
from mlc_ref.kinds import takes
from mlc_ref.language import Text, for_print

_STOPPED = Text(
    "{place}: TVM's ConvertLayout stops here: {reason}", "{place}：TVM 的 ConvertLayout 停在这里，英文原文：{reason}"
)


@takes("IRModule")
def channels_last(mod: tvm.IRModule) -> tvm.IRModule:
    """The module with every ``relax.nn.conv2d`` on NHWC data and OHWI filters.

    Parameters and results of its functions keep their layout. A module without a convolution stays as it is.

    Raises:
        ValueError: TVM cannot carry the layout through an operator; the message names it and its place.
    """
    if "relax.nn.conv2d" not in count_calls(mod):
        return mod
    try:
        return _convert(mod)
    except Exception as error:
        reason = str(error).strip().splitlines()[0]
        raise ValueError(for_print(_STOPPED.format(place=_place_of_failure(mod), reason=reason))) from error


def _convert(mod: tvm.IRModule) -> tvm.IRModule:
    """Images by row, column, channel (NHWC); filters by output channel, row, column, input channel (OHWI)."""
    return ConvertLayout({"relax.nn.conv2d": ["NHWC", "OHWI"]})(mod)


def _place_of_failure(mod: tvm.IRModule) -> Text:
    """The first binding with which a function cannot be converted, with its operator."""
    for var, function in relax_functions(mod):
        found = bindings(function)
        if not found or not _fails(mod, var, len(found) - 1):
            continue
        first = bisect_left(range(len(found)), True, key=partial(_fails, mod, var))
        operator = callee_name(getattr(found[first], "value", None)) or type(found[first]).__name__
        binding = f"{found[first].var.name} = {operator}"
        return Text(f"function {var.name_hint!r}, {binding}", f"函数 {var.name_hint!r}，{binding}")
    return Text("module", "模块")


def _fails(mod: tvm.IRModule, var: tvm.ir.GlobalVar, last: int) -> bool:
    """Whether the module cannot be converted with one function cut off after its binding number ``last``."""
    try:
        _convert(tvm.IRModule({**dict(mod.functions_items()), var: _beginning(mod[var], last)}))
    except Exception:
        return True
    return False


def _beginning(function: relax.Function, last: int) -> relax.Function:
    """The function up to its binding number ``last``, whose value it returns."""
    blocks: list[relax.BindingBlock] = []
    for block in function.body.blocks:
        kept = list(block.bindings)[: last + 1 - sum(len(b.bindings) for b in blocks)]
        if kept:
            blocks.append(type(block)(kept))
    end = blocks[-1].bindings[-1].var
    result = relax.Var("result", end.ty)
    blocks[-1] = type(blocks[-1])([*blocks[-1].bindings, relax.VarBinding(result, end)])
    body = relax.BlockBuilder().normalize(relax.SeqExpr(blocks, result))
    return relax.Function(function.params, body, is_pure=function.is_pure, attrs=function.attrs)
