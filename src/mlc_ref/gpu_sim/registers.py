"""``ldmatrix`` and ``mma``, on registers of a warp."""

from collections.abc import Callable

import numpy as np

from mlc_ref.gpu_sim import fragments
from mlc_ref.gpu_sim.access import Access
from mlc_ref.gpu_sim.lanes import WARP
from mlc_ref.gpu_sim.matrix import LANE, Matrices, multiply
from mlc_ref.gpu_sim.pointers import pointer
from mlc_ref.language import Text


def ldmatrix(m: Matrices) -> Callable[[], None]:
    """``ldmatrix.x1``, ``.x2``, ``.x4``: lane ``8 q + i`` names row i of matrix q; each lane receives 4 bytes of a matrix."""
    transposed, count = bool(m.args[0].value), int(m.args[1])
    memory, offset, pattern = pointer(m.machine, m.expressions, m.args[5], m.args[6])
    per_lane = 4 // memory.data.itemsize
    if transposed and per_lane == 4 and count == 4:
        return _gathered_bytes(m)
    if count not in (1, 2, 4) or (transposed and per_lane != 2):
        raise m.expressions.unsupported(Text.code(f"ldmatrix.x{count} (trans: {transposed}, {memory.data.dtype})"))
    target, to_offset, to_pattern = pointer(m.machine, m.expressions, m.args[3], m.args[4])
    load = Access(m.machine, m.row, memory, "load")
    store = Access(m.machine, m.row, target, "store")
    lane, matrix, j = LANE, np.arange(count)[:, None, None], np.arange(per_lane)[:, None]
    one, other = lane // 4, lane % 4 * per_lane + j
    row, column = (other, one) if transposed else (one, other)
    # (count, per_lane, 32): which lane's row, which element of it
    row, column = np.broadcast_arrays(matrix * 8 + row, column)
    named = m.machine.lanes.mask(m.machine.lanes.thread_number % WARP < 8 * count)

    def run() -> None:
        m.groups()
        low, base = pattern()
        start, rows = m.shifted(base, np.zeros(WARP, np.int64) + np.arange(4 * per_lane)[:, None])
        low += offset() + start
        before, m.machine.mask = m.machine.mask, m.machine.mask.meet(named)
        load.touch(low, rows)
        m.machine.mask = before
        values = _lanes_by_warp(m, memory.read(low, rows))
        _to_registers(m, store, to_offset, to_pattern, values[column.reshape(-1, WARP), ..., row.reshape(-1, WARP)])

    return run


def _gathered_bytes(m: Matrices) -> Callable[[], None]:
    """A transposed ``ldmatrix`` of bytes, which no instruction does: the text has a loop of 16 loads a thread.

    As TVM generates it (``codegen_cuda.cc``), the last argument is the distance of two rows.
    """
    memory, offset, pattern = pointer(m.machine, m.expressions, m.args[5])
    target, to_offset, to_pattern = pointer(m.machine, m.expressions, m.args[3], m.args[4])
    load = Access(m.machine, m.row, memory, "load", by_element=True)
    store = Access(m.machine, m.row, target, "store", by_element=True)
    stride, lanes = m.number(6), m.machine.lanes
    thread, i = lanes.coordinate("threadIdx.x").astype(np.int64), np.arange(16).reshape(16, *(1,) * 6)

    def run() -> None:
        low, base = pattern()
        rows = i % 8 // 4 * 16 + thread % 4 * 4 + i % 4
        start, places = lanes.pattern(base.array + rows * stride() + thread // 4 + i // 8 * 8)
        values = load.load(low + offset() + start, places)
        low, base = to_pattern()
        start, places = lanes.pattern(base.array + i)
        store.store(low + to_offset() + start, places, values)

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


def _fragment_places(registers: int, per_word: int, columns_first: bool) -> tuple[np.ndarray, np.ndarray]:
    """Row and column ``(registers, 32)`` of each register of an ``mma`` operand.

    ``per_word``: the elements of a lane that lie side by side.
    ``columns_first``: the B operand, whose column is the lane's group and whose registers run down the rows.
    """
    i = np.arange(registers)[:, None]
    group, along = LANE // 4, LANE % 4 * per_word + i % per_word
    if columns_first:
        return along + i // per_word * 4 * per_word, np.broadcast_to(group, (registers, WARP))
    return group + i // per_word % 2 * 8, along + i // (2 * per_word) * 4 * per_word


# Rows and depth by the name of the shape, and for which sizes of an element the layout above is the one of PTX.
_SHAPES = {
    "m8n8k4": (8, 4, (8,)), "m8n8k16": (8, 16, (1,)), "m16n8k8": (16, 8, (2,)), "m16n8k16": (16, 16, (1, 2)),
    "m16n8k32": (16, 32, (1,)),
}  # fmt: skip


def mma(m: Matrices) -> Callable[[], None]:
    """``mma.sync`` of a warp, of the shapes above: float64, 8-bit types, float16 and bfloat16."""
    shape = m.args[0].value
    rows, k, known = _SHAPES.get(shape, (0, 0, ()))
    parts = [pointer(m.machine, m.expressions, m.args[p], m.args[p + 1]) for p in (6, 8, 10)]
    sizes = [part[0].data.itemsize for part in parts]
    form = [a.value for a in m.args[1:3]] + ["saturate"] * bool(m.args[12].value)
    if sizes[0] not in known or sizes[0] != sizes[1] or form != ["row", "col"]:
        raise m.expressions.unsupported(Text.code(f"mma {shape} {' '.join(form)} ({parts[0][0].data.dtype})"))
    loads = [Access(m.machine, m.row, part[0], "load") for part in parts]
    store = Access(m.machine, m.row, parts[2][0], "store")
    counts = (rows * k // WARP, 8 * k // WARP, rows * 8 // WARP)
    words = [max(1, 4 // sizes[0]), max(1, 4 // sizes[1]), 2]
    places = [_fragment_places(n, w, p == 1) for p, (n, w) in enumerate(zip(counts, words, strict=True))]
    shapes = ((rows, k), (k, 8), (rows, 8))

    def run() -> None:
        m.groups()
        matrices = []
        for part, load, count, place, size in zip(parts, loads, counts, places, shapes, strict=True):
            registers = _from_registers(m, load, part[1], part[2], count)
            m.machine.require_defined()
            matrix = np.zeros((*registers.shape[1:3], *size), registers.dtype)
            matrix[..., place[0], place[1]] = np.moveaxis(registers, 0, -2)
            matrices.append(matrix)
        result = multiply(*matrices)[..., places[2][0], places[2][1]]
        _to_registers(m, store, parts[2][1], parts[2][2], np.moveaxis(result, (-2, -1), (0, 1)))
        m.count(2 * rows * 8 * k)

    return run


def mma_fill(m: Matrices) -> Callable[[], None]:
    """Zero in each lane's registers, which lie side by side."""
    count = int(m.args[0])
    memory, offset, pattern = pointer(m.machine, m.expressions, m.args[1], m.args[2])
    store = Access(m.machine, m.row, memory, "store")

    def run() -> None:
        low, base = pattern()
        start, places = m.shifted(base, LANE * count + np.arange(count)[:, None])
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
    rows, columns = _fragment_places(8, 2, False)

    def run() -> None:
        for i in range(8):
            low, base = pattern()
            start, places = m.shifted(base, LANE * 8 + i)
            values = load.load(low + offset() + start, places)
            low, base = to_pattern()
            start, places = m.shifted(base, rows[i] * stride() + columns[i])
            store.store(low + to_offset() + start, places, values)

    return run


def _on_call(build: Callable[[Matrices], Callable[[], None]]) -> Callable[..., Callable[[], None]]:
    return lambda machine, expressions, row, call: build(Matrices(machine, expressions, row, call))


MATRIX_CALLS = {
    "tvm_load_matrix_sync": _on_call(fragments.load_matrix),
    "tvm_store_matrix_sync": _on_call(fragments.store_matrix),
    "tvm_fill_fragment": _on_call(fragments.fill_fragment),
    "tvm_mma_sync": _on_call(fragments.mma_sync),
    "ptx_legacy.ldmatrix": _on_call(ldmatrix),
    "ptx_legacy.mma": _on_call(mma),
    "mma_fill_legacy": _on_call(mma_fill),
    "mma_store_legacy": _on_call(mma_store),
}
