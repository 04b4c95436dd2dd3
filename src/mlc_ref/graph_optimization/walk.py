"""A Relax function as an object graph, walked by hand.

A ``Function`` holds ``params`` and a ``SeqExpr``. The ``SeqExpr`` holds blocks of bindings and the
expression it returns. A binding gives a value a variable; a value is a ``Call``, whose operands are
variables, constants and tuples of them. There is nothing more to know before writing a pass.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from mlc_ref.end_to_end.graph import callee_name
from mlc_ref.kinds import takes

if TYPE_CHECKING:
    import tvm
    from tvm import relax


@takes("IRModule")
def relax_functions(mod: "tvm.IRModule") -> list[tuple["tvm.ir.GlobalVar", "relax.Function"]]:
    """The graph functions of a module that passes rewrite: not tensor programs, not fused groups."""
    from tvm import relax

    functions = [(var, f) for var, f in mod.functions_items() if isinstance(f, relax.Function)]
    return [(var, f) for var, f in functions if not is_primitive(f)]


@takes("relax.Function")
def is_primitive(function: "relax.Function") -> bool:
    """Whether a function is marked as one group, to be lowered as a whole."""
    return bool(function.attrs and function.attrs.get("Primitive"))


@takes("relax.Function")
def bindings(function: "relax.Function") -> list["relax.Binding"]:
    """The bindings of all blocks, in order."""
    return [binding for block in function.body.blocks for binding in block.bindings]


@takes("relax.Function")
def producers(function: "relax.Function") -> dict["relax.Var", "relax.Expr"]:
    """The value each variable is bound to; parameters are not bound in the function."""
    from tvm import relax

    return {b.var: b.value for b in bindings(function) if isinstance(b, relax.VarBinding)}


def operands(value: "relax.Expr") -> Iterator["relax.Var"]:
    """Every variable a value reads, as often as it reads it."""
    from tvm import relax

    if isinstance(value, relax.Var):
        yield value
    elif isinstance(value, relax.Call):
        # A function that is the value of a variable is read where it is called.
        for argument in (value.op, *value.args):
            yield from operands(argument)
    elif isinstance(value, relax.Tuple):
        for field in value.fields:
            yield from operands(field)
    elif isinstance(value, relax.TupleGetItem):
        yield from operands(value.tuple_value)
    elif isinstance(value, relax.If):
        yield from operands(value.cond)
        yield from operands(value.true_branch)
        yield from operands(value.false_branch)
    elif isinstance(value, relax.SeqExpr):
        for binding in (b for block in value.blocks for b in block.bindings):
            yield from operands(binding.value)
        yield from operands(value.body)
    elif isinstance(value, relax.Function):
        yield from operands(value.body)


@takes("relax.Function")
def use_counts(function: "relax.Function") -> dict["relax.Var", int]:
    """How often each parameter and each bound variable is read; being returned counts as a read."""
    counts = dict.fromkeys((*function.params, *(b.var for b in bindings(function))), 0)
    for var in operands(function.body):
        counts[var] = counts.get(var, 0) + 1
    return counts


@takes("relax.Function")
def outline(function: "relax.Function") -> list[str]:
    """The objects a function is made of, one line each, indented by depth."""
    lines = ["Function", *(f"  param {type(p).__name__} {p.name}" for p in function.params), "  SeqExpr"]
    for block in function.body.blocks:
        lines.append(f"    {type(block).__name__}")
        for binding in block.bindings:
            lines.append(f"      {type(binding).__name__} {binding.var.name}")
            lines += [f"        {line}" for line in _describe(binding.value)]
    return [*lines, *(f"    body {line}" for line in _describe(function.body.body))]


def _describe(value: "relax.Expr") -> list[str]:
    """A value in one line, and its operands indented below."""
    from tvm import relax

    kind = type(value).__name__
    if isinstance(value, relax.Var):
        return [f"{kind} {value.name}"]
    if isinstance(value, relax.Call):
        return [f"{kind} {callee_name(value)}", *(f"  {line}" for arg in value.args for line in _describe(arg))]
    if isinstance(value, relax.Tuple):
        return [kind, *(f"  {line}" for field in value.fields for line in _describe(field))]
    return [kind]
