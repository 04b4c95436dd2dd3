"""Tensor Core instructions: wmma fragments, and ``ldmatrix`` and ``mma`` on registers of a warp.

The layout of ``mma.sync.m16n8k16`` and ``ldmatrix`` registers is that of the PTX ISA manual, sections
"Matrix fragments for mma.m16n8k16" and "ldmatrix". CUDA leaves the layout of wmma fragments open; the
simulator stores the matrix itself and counts memory accesses as the layout above would make them.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from mlc_ref.gpu_sim.access import Access
from mlc_ref.gpu_sim.errors import BarrierDivergence, Place, UninitializedRead
from mlc_ref.gpu_sim.expressions import Expressions
from mlc_ref.gpu_sim.lanes import WARP, Pattern
from mlc_ref.gpu_sim.machine import Machine, Row
from mlc_ref.gpu_sim.memory import Memory
from mlc_ref.gpu_sim.pointers import buffer_of, pointer

TILE = 16
_CELLS = TILE * TILE
_LANE = np.arange(WARP)


class Matrices:
    """What the matrix instructions of one statement need."""

    def __init__(self, machine: Machine, expressions: Expressions, row: Row, call: Any):
        self.machine, self.expressions, self.row, self.args = machine, expressions, row, call.args

    def memory(self, position: int) -> Memory:
        """The fragment or register memory that an argument names."""
        return self.machine.memory(buffer_of(self.args[position]))

    def number(self, position: int) -> Callable[[], int]:
        """An argument that all lanes agree on."""
        code = self.expressions.compile(self.args[position])
        if not code.uniform:
            raise self.expressions.unsupported("a matrix instruction whose fragment or stride differs between threads")
        return code.run

    def require_tile(self, *positions: int) -> None:
        """Only 16x16x16 is known."""
        sizes = [int(self.args[p]) for p in positions]
        if any(size != TILE for size in sizes):
            raise self.expressions.unsupported(f"a matrix shape of {sizes}, other than {TILE}x{TILE}x{TILE},")

    def groups(self) -> np.ndarray:
        """The warps at work, as groups of fragment memory.

        Raises:
            BarrierDivergence: part of a warp executes a matrix instruction.
        """
        active = self.machine.mask.by_warp
        every = active.all(-1)
        partly = active.any(-1) & ~every
        if partly.any():
            block, warp = (int(i) for i in np.argwhere(partly)[0])
            missing = int(np.flatnonzero(~active[block, warp])[0])
            thread = min(warp * WARP + missing, self.machine.lanes.threads - 1)
            place = self.machine.lanes.place(thread * self.machine.lanes.blocks + block)
            at = Place(self.machine.name, *place, "none", 0, self.row.statement)
            raise BarrierDivergence(f"a matrix instruction needs all {WARP} threads of a warp; missing next to: {at}")
        return np.flatnonzero(every.T.reshape(-1))

    def count(self, operations: int) -> None:
        """One matrix instruction of every warp at work."""
        self.row.events["matrix_instructions", self.machine.mask] += 1
        self.row.events["matrix_operations", self.machine.mask] += operations

    def shifted(self, base: Pattern, shift: np.ndarray) -> tuple[int, Pattern]:
        """``base`` plus a distance for each lane of a warp: ``shift`` is ``(32,)`` or ``(width, 32)``."""
        lanes = self.machine.lanes
        number = lanes.thread_number % WARP
        return lanes.pattern(base.array + shift[..., number])

    def defined_tile(self, memory: Memory, index: int, groups: np.ndarray) -> np.ndarray:
        """A fragment as ``(groups, 256)``; stops where it was never filled."""
        part = slice(index * _CELLS, (index + 1) * _CELLS)
        assert memory.defined is not None
        if self.machine.options.uninitialized and not memory.defined[part][:, groups].all():
            raise UninitializedRead(
                f"kernel {self.machine.name}: fragment {index} of {memory.name} was never filled; statement: {self.row.statement}"
            )
        return memory.data[part][:, groups].T

    def set_tile(self, memory: Memory, index: int, groups: np.ndarray, values: np.ndarray) -> None:
        """Store ``(groups, 256)`` values into a fragment."""
        part = slice(index * _CELLS, (index + 1) * _CELLS)
        memory.data[part][:, groups] = values.T
        assert memory.defined is not None
        memory.defined[part][:, groups] = True


def _requests(itemsize: int, accumulator: bool) -> list[tuple[np.ndarray, np.ndarray, int, int]]:
    """How a warp accesses a 16x16 tile: line and position for each lane, vector width, lanes at work."""
    if accumulator:
        parts = [(i, j) for i in (0, 8) for j in (0, 8)]
        return [(_LANE // 4 + i, _LANE % 4 * 2 + j, 2, WARP) for i, j in parts]
    width = 16 // itemsize
    workers = _CELLS // width
    return [(_LANE % TILE, _LANE // TILE % (TILE // width) * width, width, workers)]


def _wmma_memory(m: Matrices, frag: int, index: int, ptr: int, stride: int, layout: int, way: str) -> Callable[[], None]:
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
        flat = memory.data.reshape(-1)
        if way == "load":
            m.set_tile(fragment, number(), groups, flat[cells.reshape(-1, _CELLS)])
        else:
            flat[cells.reshape(-1, _CELLS)] = m.defined_tile(fragment, number(), groups)

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

    return (first(base.array) + index) * memory.groups + first(memory.group)


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
        m.set_tile(fragment, number(), groups, np.full((len(groups), _CELLS), value(), fragment.data.dtype))

    return run


def mma_sync(m: Matrices) -> Callable[[], None]:
    """``D = A @ B + C`` on fragments, accumulated in float32 or int32."""
    memories = [m.memory(p) for p in (0, 2, 4, 6)]
    numbers = [m.number(p) for p in (1, 3, 5, 7)]

    def run() -> None:
        groups = m.groups()
        a, b, c = (m.defined_tile(f, n(), groups).reshape(-1, TILE, TILE) for f, n in zip(memories[1:], numbers[1:], strict=True))
        m.set_tile(memories[0], numbers[0](), groups, _multiply(a, b, c).reshape(-1, _CELLS))
        m.count(2 * TILE**3)

    return run


def _multiply(a: np.ndarray, b: np.ndarray, c: np.ndarray) -> np.ndarray:
    wide = np.float32 if c.dtype.kind == "f" else np.int32
    return (np.matmul(a.astype(wide), b.astype(wide)) + c.astype(wide)).astype(c.dtype)


def ldmatrix(m: Matrices) -> Callable[[], None]:
    """``ldmatrix.x4``: lane ``8 q + i`` names row i of matrix q; each lane receives 4 bytes of each matrix."""
    transposed, count = bool(m.args[0].value), int(m.args[1])
    memory, offset, pattern = pointer(m.machine, m.expressions, m.args[5], m.args[6])
    target, to_offset, to_pattern = pointer(m.machine, m.expressions, m.args[3], m.args[4])
    load = Access(m.machine, m.row, memory, "load")
    store = Access(m.machine, m.row, target, "store")
    per_lane = 4 // memory.data.itemsize
    if count != 4 or (transposed and per_lane != 2):
        raise m.expressions.unsupported(f"ldmatrix.x{count} (transposed: {transposed}) on {memory.data.dtype}")
    lane, matrix, j = _LANE, np.arange(4)[:, None, None], np.arange(per_lane)[:, None]
    one, other = lane // 4, lane % 4 * per_lane + j
    row, column = (other, one) if transposed else (one, other)
    row, column = np.broadcast_arrays(matrix * 8 + row, column)  # (4, per_lane, 32): which lane's row, which element

    def run() -> None:
        m.groups()
        low, base = pattern()
        start, rows = m.shifted(base, np.zeros(WARP, np.int64) + np.arange(4 * per_lane)[:, None])
        low += offset() + start
        load.touch(low, rows)
        values = _lanes_by_warp(m, memory.read(low, rows))
        _to_registers(m, store, to_offset, to_pattern, values[column.reshape(-1, WARP), ..., row.reshape(-1, WARP)])

    return run


def _lanes_by_warp(m: Matrices, values: np.ndarray) -> np.ndarray:
    """``(width, blocks, warps, 32)`` from a vector over the lanes."""
    lanes = m.machine.lanes
    full = np.broadcast_to(values, (len(values), *lanes.shape)).reshape(len(values), lanes.threads, lanes.blocks)
    return lanes.by_warp(full, 0)


def _to_registers(m: Matrices, store: Access, offset: Callable, pattern: Callable, values: np.ndarray) -> None:
    """Store ``(registers, 32, blocks, warps)`` values, each lane's side by side."""
    low, base = pattern()
    start, places = m.shifted(base, np.zeros(WARP, np.int64) + np.arange(len(values))[:, None])
    over_lanes = np.stack([m.machine.lanes.from_warps(np.moveaxis(v, 0, -1)) for v in values])
    store.store(low + offset() + start, places, over_lanes)


def _from_registers(m: Matrices, load: Access, offset: Callable, pattern: Callable, count: int) -> np.ndarray:
    """``(registers, blocks, warps, 32)`` values."""
    low, base = pattern()
    start, places = m.shifted(base, np.zeros(WARP, np.int64) + np.arange(count)[:, None])
    return _lanes_by_warp(m, load.load(low + offset() + start, places))


def _fragment_places(registers: int, bytes_each: int, columns_first: bool) -> tuple[np.ndarray, np.ndarray]:
    """Row and column ``(registers, 32)`` of each register of an ``mma`` operand.

    ``columns_first``: the B operand, whose column is the lane's group and whose registers run down the rows.
    """
    per_word = 4 // bytes_each if bytes_each < 4 else 2
    i = np.arange(registers)[:, None]
    group, along = _LANE // 4, _LANE % 4 * per_word + i % per_word
    if columns_first:
        return along + i // per_word * 4 * per_word, np.broadcast_to(group, (registers, WARP))
    return group + i // per_word % 2 * 8, along + i // (2 * per_word) * 4 * per_word


def mma(m: Matrices) -> Callable[[], None]:
    """``mma.sync.m16n8k16`` (float16) and ``m16n8k32`` (int8)."""
    shape = m.args[0].value
    k = {"m16n8k16": 16, "m16n8k32": 32}.get(shape, 0)
    parts = [pointer(m.machine, m.expressions, m.args[p], m.args[p + 1]) for p in (6, 8, 10)]
    sizes = [part[0].data.itemsize for part in parts]
    if k * sizes[0] != 32 or sizes[0] != sizes[1] or [a.value for a in m.args[1:3]] != ["row", "col"]:
        raise m.expressions.unsupported(f"mma {shape} on {parts[0][0].data.dtype}")
    loads = [Access(m.machine, m.row, part[0], "load") for part in parts]
    store = Access(m.machine, m.row, parts[2][0], "store")
    counts = (16 * k // WARP, 8 * k // WARP, 4)
    places = [_fragment_places(n, s, p == 1) for p, (n, s) in enumerate(zip(counts, sizes, strict=True))]
    shapes = ((16, k), (k, 8), (16, 8))

    def run() -> None:
        m.groups()
        matrices = []
        for part, load, count, place, size in zip(parts, loads, counts, places, shapes, strict=True):
            registers = _from_registers(m, load, part[1], part[2], count)
            m.machine.require_defined()
            matrix = np.zeros((*registers.shape[1:3], *size), registers.dtype)
            matrix[..., place[0], place[1]] = np.moveaxis(registers, 0, -2)
            matrices.append(matrix)
        result = _multiply(*matrices)[..., places[2][0], places[2][1]]
        _to_registers(m, store, parts[2][1], parts[2][2], np.moveaxis(result, (-2, -1), (0, 1)))
        m.count(2 * 16 * 8 * k)

    return run


def mma_fill(m: Matrices) -> Callable[[], None]:
    """Zero in each lane's registers, which lie side by side."""
    count = int(m.args[0])
    memory, offset, pattern = pointer(m.machine, m.expressions, m.args[1], m.args[2])
    store = Access(m.machine, m.row, memory, "store")

    def run() -> None:
        low, base = pattern()
        start, places = m.shifted(base, _LANE * count + np.arange(count)[:, None])
        store.store(low + offset() + start, places, memory.data.dtype.type(0))

    return run


def mma_store(m: Matrices) -> Callable[[], None]:
    """Each lane stores its eight registers of a 16x16 result, one after the other."""
    m.require_tile(0, 1)
    target, to_offset, to_pattern = pointer(m.machine, m.expressions, m.args[2])
    source, offset, pattern = pointer(m.machine, m.expressions, m.args[3], m.args[4])
    stride = m.number(5)
    load = Access(m.machine, m.row, source, "load")
    store = Access(m.machine, m.row, target, "store")
    rows, columns = _fragment_places(8, 4, False)

    def run() -> None:
        for i in range(8):
            low, base = pattern()
            start, places = m.shifted(base, _LANE * 8 + i)
            values = load.load(low + offset() + start, places)
            low, base = to_pattern()
            start, places = m.shifted(base, rows[i] * stride() + columns[i])
            store.store(low + to_offset() + start, places, values)

    return run


def _on_call(build: Callable[[Matrices], Callable[[], None]]) -> Callable[..., Callable[[], None]]:
    return lambda machine, expressions, row, call: build(Matrices(machine, expressions, row, call))


MATRIX_CALLS = {
    "tvm_load_matrix_sync": _on_call(load_matrix),
    "tvm_store_matrix_sync": _on_call(store_matrix),
    "tvm_fill_fragment": _on_call(fill_fragment),
    "tvm_mma_sync": _on_call(mma_sync),
    "ptx_legacy.ldmatrix": _on_call(ldmatrix),
    "ptx_legacy.mma": _on_call(mma),
    "mma_fill_legacy": _on_call(mma_fill),
    "mma_store_legacy": _on_call(mma_store),
}
