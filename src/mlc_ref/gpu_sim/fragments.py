"""The wmma instructions, on 16x16 fragments."""

from collections.abc import Callable

import numpy as np

from mlc_ref.gpu_sim.access import Access
from mlc_ref.gpu_sim.lanes import WARP, Pattern
from mlc_ref.gpu_sim.matrix import CELLS, LANE, TILE, Matrices, multiply
from mlc_ref.gpu_sim.memory import Memory
from mlc_ref.gpu_sim.pointers import pointer


def _requests(itemsize: int, accumulator: bool) -> list[tuple[np.ndarray, np.ndarray, int, int]]:
    """How a warp accesses a 16x16 tile: line and position for each lane, vector width, lanes at work."""
    if accumulator:
        parts = [(i, j) for i in (0, 8) for j in (0, 8)]
        return [(LANE // 4 + i, LANE % 4 * 2 + j, 2, WARP) for i, j in parts]
    width = 16 // itemsize
    workers = CELLS // width
    return [(LANE % TILE, LANE // TILE % (TILE // width) * width, width, workers)]


def _wmma_memory(
    m: Matrices, frag: int, index: int, ptr: int, stride: int, layout: int, way: str
) -> Callable[[], None]:
    """``load_matrix_sync`` and ``store_matrix_sync``."""
    m.require_tile(1, 2, 3)
    fragment, number, line = m.memory(frag), m.number(index), m.number(stride)
    memory, offset, pattern = pointer(m.machine, m.expressions, m.args[ptr])
    access = Access(m.machine, m.row, memory, "load" if way == "load" else "store")
    by_column = m.args[layout].value == "col_major"
    requests = _requests(memory.data.itemsize, fragment.scope == "wmma.accumulator")

    def run() -> None:
        groups, (low, base) = m.groups(), pattern()
        low += offset()
        _touch_tile(m, access, requests, low, base, line())
        cells = _tile_cells(m, memory, low, base, line())[groups]
        cells = cells.transpose(0, 2, 1) if by_column else cells
        flat = memory.flat
        if way == "load":
            m.set_tile(fragment, number(), groups, flat[cells.reshape(-1, CELLS)])
        else:
            flat[cells.reshape(-1, CELLS)] = m.defined_tile(fragment, number(), groups)

    return run


def _touch_tile(m: Matrices, access: Access, requests: list, low: int, base: Pattern, line: int) -> None:
    machine = m.machine
    before = machine.mask
    for rows, columns, width, workers in requests:
        shift = rows * line + columns + np.arange(width)[:, None]
        start, pattern = m.shifted(base, shift)
        machine.mask = before.meet(machine.lanes.mask(machine.lanes.thread_number % WARP < workers))
        access.touch(low + start, pattern)
        machine.mask = before


def _tile_cells(m: Matrices, memory: Memory, low: int, base: Pattern, line: int) -> np.ndarray:
    """``(groups, 16, 16)`` positions in the flattened data; the base is that of each warp's first lane."""
    lanes = m.machine.lanes
    index = np.arange(TILE)[:, None] * line + np.arange(TILE) + low

    def first(value: np.ndarray) -> np.ndarray:
        full = lanes.full(value).reshape(lanes.threads, lanes.blocks)
        return lanes.by_warp(full, 0)[..., 0].T.reshape(-1, 1, 1)

    return (first(base.array) + index) * memory.step + first(memory.group)


def load_matrix(m: Matrices) -> Callable[[], None]:
    return _wmma_memory(m, 0, 4, 5, 6, 7, "load")


def store_matrix(m: Matrices) -> Callable[[], None]:
    return _wmma_memory(m, 0, 4, 5, 6, 7, "store")


def fill_fragment(m: Matrices) -> Callable[[], None]:
    m.require_tile(1, 2, 3)
    fragment, number = m.memory(0), m.number(4)
    value = m.expressions.compile(m.args[5]).run

    def run() -> None:
        groups = m.groups()
        m.set_tile(fragment, number(), groups, np.full((len(groups), CELLS), value(), fragment.data.dtype))

    return run


def mma_sync(m: Matrices) -> Callable[[], None]:
    """``D = A @ B + C`` on fragments, accumulated in float32 or int32."""
    memories = [m.memory(p) for p in (0, 2, 4, 6)]
    numbers = [m.number(p) for p in (1, 3, 5, 7)]

    def run() -> None:
        groups = m.groups()
        a, b, c = (
            m.defined_tile(f, n(), groups).reshape(-1, TILE, TILE)
            for f, n in zip(memories[1:], numbers[1:], strict=True)
        )
        m.set_tile(memories[0], numbers[0](), groups, multiply(a, b, c).reshape(-1, CELLS))
        m.count(2 * TILE**3)

    return run
