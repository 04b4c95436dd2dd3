"""Questions about a graph asked with ``PyExprVisitor``.

A visitor walks the object graph and calls one method for every kind of node. A method that is
overridden decides whether the walk goes on below: it does only where it calls ``super()``. Relax is in
normal form, where operands are variables and constants, so below a call there is no other call.
"""

from collections import Counter

import tvm
from tvm import relax
from tvm.relax.expr_functor import PyExprVisitor, visitor

from mlc_ref.end_to_end.graph import callee_name
from mlc_ref.kinds import takes


@visitor
class CallCounter(PyExprVisitor):
    """Counts calls by the name of what they call."""

    def __init__(self) -> None:
        super().__init__()
        self.counts: Counter[str] = Counter()

    def visit_call_(self, call: relax.Call) -> None:
        self.counts[callee_name(call)] += 1


@visitor
class UseCounter(PyExprVisitor):
    """Counts reads of variables; a variable of a dataflow block has a method of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.counts: Counter[relax.Var] = Counter()

    def visit_var_(self, var: relax.Var) -> None:
        self.counts[var] += 1

    def visit_dataflow_var_(self, var: relax.DataflowVar) -> None:
        self.counts[var] += 1


@takes("IRModule")
def count_calls(mod: tvm.IRModule) -> dict[str, int]:
    """How often the Relax functions of a module call each operator, tensor program and function."""
    counter = CallCounter()
    for _, function in mod.functions_items():
        if isinstance(function, relax.Function):
            counter.visit_expr(function)
    return dict(counter.counts)


@takes("relax.Function")
def count_uses(function: relax.Function) -> dict[relax.Var, int]:
    """``walk.use_counts`` with a visitor.

    Variables that are never read are missing; symbolic extents, which the visitor meets in shapes, are
    counted as well.
    """
    counter = UseCounter()
    counter.visit_expr(function)
    return dict(counter.counts)
