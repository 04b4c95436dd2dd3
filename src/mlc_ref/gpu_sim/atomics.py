"""Atomic updates: lanes that meet at one element follow one another, here in the order of their numbers.

A device takes them in any order. What a kernel computes must not depend on it.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from mlc_ref.gpu_sim.access import Access
from mlc_ref.gpu_sim.codes import Code
from mlc_ref.gpu_sim.lanes import Mask, Pattern
from mlc_ref.gpu_sim.memory import Memory
from mlc_ref.gpu_sim.pointers import call_name, pointer
from mlc_ref.language import Text

if TYPE_CHECKING:
    from mlc_ref.gpu_sim.expressions import Expressions
    from mlc_ref.gpu_sim.machine import Machine

# What an element becomes, of what it is and the operands; CUDA C++ Programming Guide, "Atomic Functions".
_UPDATES: dict[str, Callable] = {
    "atomicAdd": np.add, "atomicSub": np.subtract, "atomicMax": np.maximum, "atomicMin": np.minimum,
    "atomicAnd": np.bitwise_and, "atomicOr": np.bitwise_or, "atomicXor": np.bitwise_xor,
    "atomicExch": lambda now, value: value,
    "atomicCAS": lambda now, compare, value: np.where(now == compare, value, now),
    "atomicInc": lambda now, last: np.where(now >= last, 0, now + 1),
    "atomicDec": lambda now, last: np.where((now == 0) | (now > last), last, now - 1),
}  # fmt: skip
_OPERATORS = {"atomic_add": "atomicAdd", "cuda.atomic_add": "atomicAdd", "cuda.atomic_cas": "atomicCAS"}
ATOMICS = (*_UPDATES, *_OPERATORS)
_OF_FLOATS = ("atomicAdd", "atomicExch")


def atomic_name(call: Any) -> str:
    """The CUDA function that a call stands for; empty if it is no atomic update."""
    name = call_name(call)
    if name.startswith("call_"):
        function = str(call.args[0].value)
        return function if function in _UPDATES else ""
    return _OPERATORS.get(name, "")


def atomic(machine: "Machine", expressions: "Expressions", call: Any, *, wanted: bool) -> Code:
    """The update; its value is what the element held before, for each lane, if that is ``wanted``."""
    name, row = atomic_name(call), expressions.row
    count = 2 if name == "atomicCAS" else 1
    memory, offset, pattern = pointer(machine, expressions, call.args[-1 - count])
    operands = [expressions.compile(a) for a in call.args[-count:]]
    dtype = memory.data.dtype
    if dtype.kind not in "iu":
        if name not in _OF_FLOATS:
            raise expressions.unsupported(Text(f"{name} of {dtype}", f"对 {dtype} 的 {name}"))
        expressions.flops += name == "atomicAdd"
    access = Access(machine, row, memory, "atomic")

    def run() -> Any:
        values = [operand.run() for operand in operands]
        machine.require_defined()
        low, places = pattern()
        access.touch(offset() + low, places)
        return update(memory, offset() + low, places, machine.mask, _UPDATES[name], values, wanted=wanted)

    return Code(run, by_lane=True, pure=False)


def update(
    memory: Memory, offset: int, pattern: Pattern, mask: Mask, function: Callable, values: list[Any], *, wanted: bool
) -> np.ndarray | None:
    """Update an element for each active lane, one after the other; what it held before, if ``wanted``."""
    lanes, flat = memory.lanes, memory.flat
    cells = memory.flat_cells(offset, pattern)[0, mask.active]
    each = [np.broadcast_to(v, lanes.shape).reshape(-1)[mask.active].astype(flat.dtype, copy=False) for v in values]
    if not wanted and isinstance(function, np.ufunc) and flat.dtype.kind != "V":
        function.at(flat, cells, each[0])
        return None
    held = np.zeros(lanes.count, flat.dtype)
    for together in _without_meeting(cells):
        now = flat[cells[together]]
        held[mask.active[together]] = now
        flat[cells[together]] = function(now, *(v[together] for v in each))
    return held.reshape(lanes.shape)


def _without_meeting(cells: np.ndarray) -> list[np.ndarray]:
    """Positions in rounds: in each, every cell occurs once at most; those of one cell stay in order."""
    order = np.argsort(cells, kind="stable")
    _, first, counts = np.unique(cells[order], return_index=True, return_counts=True)
    turn = np.arange(len(cells)) - np.repeat(first, counts)
    return np.split(order[np.argsort(turn, kind="stable")], np.cumsum(np.bincount(turn))[:-1])
