"""From which step of a graph to which step each tensor is needed: what memory planning works with.

A step is one call of a tensor program or library function. A tensor is alive from the step that
writes it to the last step that reads it. Two tensors can share memory when no step needs both.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mlc_ref.end_to_end.graph import callee_name
from mlc_ref.end_to_end.memory import lower_calls, memory_plan
from mlc_ref.kinds import takes

if TYPE_CHECKING:
    import tvm
    from tvm import relax

_ALLOCATE = "relax.builtin.alloc_tensor"
_VIEW = "relax.reshape"


@dataclass(frozen=True)
class Lifetime:
    """One tensor the graph allocates.

    Attributes:
        name: of the value in the graph.
        bytes: it takes.
        made: number of the step that writes it, counted from 0.
        last: number of the last step that reads it; ``made`` where none does.
        storage: index of the storage the planner gives it; None for a result, which is never shared.
    """

    name: str
    bytes: int
    made: int
    last: int
    storage: int | None


@takes("IRModule")
def steps(mod: "tvm.IRModule", entry: str = "main") -> list[str]:
    """Names of what the function ``entry`` calls once it is lowered, without allocations and views."""
    return [callee_name(binding.value) for binding in _lowered(mod, entry) if _is_step(binding.value)]


@takes("IRModule")
def lifetimes(mod: "tvm.IRModule", entry: str = "main") -> list[Lifetime]:
    """When each tensor that ``entry`` allocates is alive, in the order of allocation.

    A reshape is a view: it has no memory of its own and keeps its source alive.

    Raises:
        ValueError: a shape is symbolic.
    """
    bindings = _lowered(mod, entry)
    roots = _roots(bindings)
    names: dict[relax.Var, str] = {}
    uses: dict[relax.Var, list[int]] = {}
    step = -1
    for binding in bindings:
        if _is_step(binding.value):
            step += 1
            for argument in _variables(binding.value):
                uses.setdefault(roots.get(argument, argument), []).append(step)
        elif binding.var in roots and not binding.var.same_as(roots[binding.var]):
            names.setdefault(roots[binding.var], binding.var.name)
    allocated = [binding.var for binding in bindings if callee_name(binding.value) == _ALLOCATE]
    tensors = memory_plan(mod, entry=entry).tensors
    return [
        Lifetime(names.get(var, var.name), tensor.bytes, min(uses[var]), max(uses[var]), tensor.storage)
        for var, tensor in zip(allocated, tensors, strict=True)
    ]


@takes("IRModule")
def live_bytes(mod: "tvm.IRModule", entry: str = "main") -> list[tuple[str, int]]:
    """For each step its name and the bytes of the tensors alive in it, results not counted.

    No plan can do with less than the largest of these numbers.
    """
    alive = [value for value in lifetimes(mod, entry) if value.storage is not None]
    return [
        (name, sum(value.bytes for value in alive if value.made <= number <= value.last))
        for number, name in enumerate(steps(mod, entry))
    ]


def _lowered(mod: "tvm.IRModule", entry: str) -> list["relax.VarBinding"]:
    return [binding for block in lower_calls(mod)[entry].body.blocks for binding in block.bindings]


def _is_step(value: "relax.Expr") -> bool:
    name = callee_name(value)
    return bool(name) and name not in (_ALLOCATE, _VIEW)


def _roots(bindings: list["relax.VarBinding"]) -> dict["relax.Var", "relax.Var"]:
    """For every name of a tensor, view or not, the variable of its allocation."""
    from tvm import relax

    roots: dict[relax.Var, relax.Var] = {}
    for binding in bindings:
        name, value = callee_name(binding.value), binding.value
        if name == _ALLOCATE:
            roots[binding.var] = binding.var
            continue
        source = value.args[0] if name == _VIEW else value
        if isinstance(source, relax.Var) and source in roots:
            roots[binding.var] = roots[source]
    return roots


def _variables(call: "relax.Call") -> list["relax.Var"]:
    from tvm import relax

    flat = [field for each in call.args for field in (each.fields if isinstance(each, relax.Tuple) else [each])]
    return [argument for argument in flat if isinstance(argument, relax.Var)]
