"""Calls that look at other lanes: shuffles, ballots, the mask of active lanes; and atomic updates as values."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from mlc_ref.gpu_sim.atomics import ATOMICS, atomic
from mlc_ref.gpu_sim.codes import Code
from mlc_ref.gpu_sim.errors import Place, SimulationError, UninitializedRead
from mlc_ref.gpu_sim.lanes import WARP
from mlc_ref.language import Text

if TYPE_CHECKING:
    from mlc_ref.gpu_sim.expressions import Expressions
    from mlc_ref.gpu_sim.machine import Machine
    from mlc_ref.gpu_sim.rows import Row

_SOURCES: dict[str, Callable[[np.ndarray, Any, Any], np.ndarray]] = {
    "tvm_warp_shuffle": lambda lane, number, width: lane // width * width + number % width,
    "tvm_warp_shuffle_up": lambda lane, distance, width: lane - distance,
    "tvm_warp_shuffle_down": lambda lane, distance, width: lane + distance,
    "tvm_warp_shuffle_xor": lambda lane, number, width: lane ^ number,
}


def warp_functions(machine: "Machine", expressions: "Expressions") -> dict[str, Callable[[Any], Code]]:
    """Compilers for the calls that look at other lanes of the warp, by name."""

    def shuffle(name: str) -> Callable[[Any], Code]:
        def compile_call(expr: Any) -> Code:
            value, number, width = (expressions.compile(expr.args[i]) for i in (1, 2, 3))
            source, row = _SOURCES[name], expressions.row
            return Code(
                lambda: _shuffle(machine, row, source, value, number.run(), width.run()), by_lane=True, pure=False
            )

        return compile_call

    def active_mask(expr: Any) -> Code:
        return Code(lambda: _ballot(machine, np.ones((1,) * 6, bool)), by_lane=True, pure=False)

    def ballot(expr: Any) -> Code:
        predicate = expressions.compile(expr.args[-1])

        def run() -> np.ndarray:
            value = np.asarray(predicate.run())
            machine.require_defined()
            return _ballot(machine, value)

        return Code(run, by_lane=True, pure=False)

    def old_value(expr: Any) -> Code:
        return atomic(machine, expressions, expr, wanted=True)

    return {
        **{name: shuffle(name) for name in _SOURCES},
        **dict.fromkeys(ATOMICS, old_value),
        "tvm_warp_activemask": active_mask,
        "cuda.ballot_sync": ballot,
        "__ballot_sync": ballot,
    }


def _ballot(machine: "Machine", predicate: np.ndarray) -> np.ndarray:
    """``__ballot_sync``: bit i is set if lane i of the warp is active and its predicate is not 0."""
    chosen = machine.mask.by_warp & (_by_warp(machine, predicate) != 0)
    bits = (chosen.astype(np.uint32) << np.arange(WARP, dtype=np.uint32)).sum(-1, dtype=np.uint32)
    return machine.lanes.from_warps(np.repeat(bits[..., None], WARP, -1))


def _shuffle(machine: "Machine", row: "Row", source: Callable, value: Code, number: Any, width: Any) -> np.ndarray:
    """Each lane's value from the lane ``source`` names; its own where that lies outside its segment of ``width``."""
    lanes = machine.lanes
    before, machine.tainted = machine.tainted, None
    values = _by_warp(machine, np.asarray(value.run()))
    lane = np.arange(WARP)
    number, width = (_by_warp(machine, np.asarray(part)) for part in (number, width))
    chosen = source(lane, number, width)
    chosen = np.where(chosen // width == lane // width, chosen, lane)
    result = lanes.from_warps(np.take_along_axis(values, chosen, -1))
    undefined = ~machine.mask.by_warp
    if machine.tainted is not None:
        undefined = undefined | _by_warp(machine, machine.tainted.reshape(lanes.shape))
    elif undefined.any():
        machine.taint_error = lambda lanes: _absent_lane(machine, row, lanes)
    machine.tainted = _moved(machine, np.take_along_axis(undefined, chosen, -1), before)
    return result


def _absent_lane(machine: "Machine", row: "Row", lanes: np.ndarray) -> SimulationError:
    block, thread = machine.lanes.place(int(np.flatnonzero(lanes)[0]))
    place = Place(machine.name, block, thread, "none", 0, row.statement)
    return UninitializedRead(
        Text(
            "uses a value shuffled from a lane that does not take part: {place}",
            "使用了从未参与的通道交换来的值：{place}",
        ).format(place=place.text)
    )


def _moved(machine: "Machine", undefined: np.ndarray, before: np.ndarray | None) -> np.ndarray | None:
    """Undefined lanes after the shuffle, together with those of the rest of the expression."""
    lanes = machine.lanes.from_warps(undefined).reshape(-1) & machine.lanes.full(machine.mask.array)
    if not machine.options.uninitialized or not lanes.any():
        return before
    return lanes if before is None else lanes | before


def _by_warp(machine: "Machine", value: np.ndarray) -> np.ndarray:
    """``(blocks, warps, 32)``."""
    lanes = machine.lanes
    full = np.broadcast_to(value, lanes.shape).reshape(lanes.threads, lanes.blocks)
    return lanes.by_warp(full, value.dtype.type(0))
