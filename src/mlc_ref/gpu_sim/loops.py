"""Loops: Python's own where all lanes agree on the turns, and otherwise turns under a mask while a lane remains."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from mlc_ref.gpu_sim.codes import Cell, Code

if TYPE_CHECKING:
    from mlc_ref.gpu_sim.machine import Machine
    from mlc_ref.gpu_sim.rows import Row

Run = Callable[[], None]
Turns = tuple[Code, Code, Code]  # a loop's first value, extent and step


def uniform_loop(machine: "Machine", row: "Row", cell: Cell, turns: Turns, body: Run) -> Run:
    """All lanes take the same turns."""
    low, extent, step = (code.run for code in turns)

    def run() -> None:
        start = low()
        for value in range(start, start + extent(), step()):
            machine.step(row)
            cell.value = value
            body()

    return run


def masked_loop(machine: "Machine", row: "Row", flops: int, cell: Cell, turns: Turns, body: Run) -> Run:
    """Lanes start, or end, at different values; they all take the same step."""
    low, extent, step = (code.run for code in turns)

    def run() -> None:
        machine.count_flops(row, flops)
        before = machine.mask
        start, count, width = low(), np.asarray(extent()), step()
        machine.require_defined()
        done = 0
        while _continues(machine, row, done < count):
            cell.value = start + done
            body()
            done = done + width
        machine.mask = before

    return run


def while_loop(machine: "Machine", row: "Row", flops: int, condition: Code, body: Run) -> Run:
    """The condition is computed before each turn, in the lanes that remain."""

    def run() -> None:
        before = machine.mask
        going = True
        while going:
            machine.count_flops(row, flops)
            value = condition.run()
            machine.require_defined()
            going = _continues(machine, row, value)
            if going:
                body()
        machine.mask = before

    return run


def _continues(machine: "Machine", row: "Row", condition: Any) -> bool:
    """Leave the lanes in which a loop ends inactive; whether any remains."""
    machine.step(row)
    array = np.asarray(condition, bool)
    stay = machine.lanes.mask(array.reshape((1,) * (6 - array.ndim) + array.shape))
    taken = machine.mask.meet(stay)
    machine.branch(row, machine.mask, taken)
    machine.mask = taken
    return not taken.empty
