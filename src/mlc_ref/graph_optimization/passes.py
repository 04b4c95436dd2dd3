"""The rewrites of this stem as module passes, and pipelines of them.

A module pass is a function from module to module with a name. Passes compose with ``Sequential``,
and a composition is a pass again.
"""

from collections.abc import Callable

import tvm
from tvm.ir.transform import PassContext, Sequential, module_pass

from mlc_ref.graph_optimization.common_subexpressions import eliminate_common_subexpressions
from mlc_ref.graph_optimization.constant_folding import fold_constants
from mlc_ref.graph_optimization.dead_code import eliminate_dead_code
from mlc_ref.graph_optimization.loop_fusion import merge_all_loops
from mlc_ref.graph_optimization.lowering import lower_groups
from mlc_ref.graph_optimization.multiply_add import rewrite_multiply_add
from mlc_ref.graph_optimization.operator_fusion import fuse_linear
from mlc_ref.kinds import takes


def as_pass(function: Callable[[tvm.IRModule], tvm.IRModule], name: str) -> tvm.ir.transform.Pass:
    """A function from module to module as a pass that instruments and pipelines know by its name."""

    @module_pass(opt_level=0, name=name)
    def run(mod: tvm.IRModule, _context: PassContext) -> tvm.IRModule:
        return function(mod)

    return run


FoldConstants = as_pass(fold_constants, "FoldConstants")
EliminateCommonSubexpressions = as_pass(eliminate_common_subexpressions, "EliminateCommonSubexpressions")
EliminateDeadCode = as_pass(eliminate_dead_code, "EliminateDeadCode")
RewriteMultiplyAdd = as_pass(rewrite_multiply_add, "RewriteMultiplyAdd")
FuseLinear = as_pass(fuse_linear, "FuseLinear")
LowerGroups = as_pass(lower_groups, "LowerGroups")
MergeLoops = as_pass(merge_all_loops, "MergeLoops")


def simplify() -> tvm.ir.transform.Pass:
    """High-level rewrites that leave operators as they are: constants, repetitions, dead code."""
    return Sequential([FoldConstants, EliminateCommonSubexpressions, EliminateDeadCode], name="simplify")


def optimize() -> tvm.ir.transform.Pass:
    """The road of a network of linear layers: simplify, group, lower, merge the loops of each group."""
    return Sequential([simplify(), FuseLinear, LowerGroups, MergeLoops], name="optimize")


@takes("IRModule")
def stages(mod: tvm.IRModule, *passes: tvm.ir.transform.Pass) -> list[tuple[str, tvm.IRModule]]:
    """The module as given and after each pass, under the passes' names, to look at one by one."""
    found = [("", mod)]
    for one in passes:
        found.append((one.info.name, one(found[-1][1])))
    return found
