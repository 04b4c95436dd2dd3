"""Memory of every scope: elements by groups of lanes that share them.

``data`` has shape ``(size, groups)``. Global memory has one group, shared memory one for each block
of the pass, warp memory and Tensor Core fragments one for each warp, local memory one for each lane.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from mlc_ref.gpu_sim.boxes import Box
from mlc_ref.gpu_sim.errors import Unsupported
from mlc_ref.gpu_sim.lanes import WARP, Lanes, Mask, Pattern
from mlc_ref.language import Text

FRAGMENTS = ("wmma.matrix_a", "wmma.matrix_b", "wmma.accumulator")
_SHARED = ("shared", "shared.dyn")
WIDEST = 16  # bytes one thread accesses with one instruction


def group_of_lane(scope: str, lanes: Lanes) -> tuple[np.ndarray, int]:
    """The group each lane belongs to, an array over the lanes, and the number of groups."""
    if scope == "global":
        return np.zeros((1,) * 6, np.int64), 1
    if scope in _SHARED:
        return lanes.block_number, lanes.blocks
    if scope == "warp" or scope in FRAGMENTS:
        return lanes.thread_number // WARP * lanes.blocks + lanes.block_number, lanes.warps * lanes.blocks
    if scope == "local":
        return lanes.thread_number * lanes.blocks + lanes.block_number, lanes.count
    known = "global, shared, shared.dyn, local, warp, wmma.*"
    raise Unsupported(
        Text(
            f"memory scope: got {scope!r}, the simulator knows {known}",
            f"存储作用域：得到 {scope!r}，模拟器只认识 {known}",
        )
    )


@dataclass(eq=False)
class Memory:
    """One buffer during one pass.

    Attributes:
        data: ``(size, groups)``.
        defined: which elements have been written, like ``data``; ``None`` where all are (inputs).
        version: grows whenever an element becomes undefined again.
        origin: what its elements are kept in from pass to pass, by which two memories are told apart.
    """

    name: str
    scope: str
    lanes: Lanes
    data: np.ndarray
    defined: np.ndarray | None
    version: int = 0
    origin: Any = None
    _cells: dict[Pattern, np.ndarray] = field(default_factory=dict)
    _boxes: dict[Pattern, Box | None] = field(default_factory=dict)

    @classmethod
    def allocate(cls, name: str, scope: str, dtype: np.dtype, size: int, lanes: Lanes) -> "Memory":
        """Fresh memory of a kernel; nothing is defined."""
        _, groups = group_of_lane(scope, lanes)
        return cls(name, scope, lanes, np.zeros((size, groups), dtype), np.zeros((size, groups), bool))

    def __post_init__(self) -> None:
        self.group, self.groups = group_of_lane(self.scope, self.lanes)
        self.step = self.groups  # from one element of a group to its next, in the flattened data
        self.bytes: np.ndarray | None = None
        self.origin = self if self.origin is None else self.origin
        self.shared = self.scope in _SHARED
        self.logged = self.shared or self.scope == "global"

    @property
    def size(self) -> int:
        return len(self.data)

    @property
    def flat(self) -> np.ndarray:
        """The elements in one row, in which ``cells`` are positions."""
        return self.data.reshape(-1) if self.bytes is None else self.bytes.view(self.data.dtype).reshape(-1)

    @property
    def flags(self) -> np.ndarray:
        """For each element of ``flat`` whether it, or each of its bytes, has been written: ``(elements, 1 or bytes)``."""
        assert self.defined is not None
        return self.defined.reshape(-1, 1 if self.bytes is None else self.data.itemsize)

    def seen_as(self, name: str, dtype: np.dtype, size: int) -> "Memory":
        """The same bytes as ``size`` elements of another type; done before anything is in them."""
        if self.bytes is None:
            row = -(-self.size * self.data.itemsize // WIDEST) * WIDEST
            self._keep_bytes(np.zeros((self.groups, row), np.uint8), np.zeros((self.groups, row), bool), self.size)
        assert self.bytes is not None
        view = Memory(name, self.scope, self.lanes, np.zeros((0, self.groups), dtype), None, origin=self.origin)
        view._keep_bytes(self.bytes, self.defined, min(size, self.bytes.shape[1] // dtype.itemsize))
        return view

    def _keep_bytes(self, kept: np.ndarray, defined: np.ndarray | None, size: int) -> None:
        """Lie in ``(groups, bytes)``, with the elements of a group side by side."""
        dtype = self.data.dtype
        self.bytes, self.defined, self.step = kept, defined, 1
        self.data = kept.view(dtype).T[:size]
        self.group = self.group * (kept.shape[1] // dtype.itemsize)
        self._cells.clear()
        self._boxes.clear()

    def touched(self, offset: int, pattern: Pattern, active: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Flat positions that the active lanes touch and the lane of each; bytes where types share them."""
        cells = self.flat_cells(offset, pattern)[:, active]
        if self.bytes is not None:
            cells = cells[..., None] * self.data.itemsize + np.arange(self.data.itemsize)
            active = active[:, None]
        return cells.reshape(-1), np.broadcast_to(active, cells.shape).reshape(-1)

    @property
    def places(self) -> int:
        """How many positions ``touched`` tells apart."""
        return self.data.size if self.bytes is None else self.bytes.size

    def index_at(self, place: int) -> int:
        """The element of its group that a position of ``touched`` lies in."""
        if self.bytes is None:
            return place // self.groups
        return place % self.bytes.shape[1] // self.data.itemsize

    def cells(self, pattern: Pattern) -> np.ndarray:
        """Position in the flattened ``data`` for each lane at offset 0, as compact as the pattern allows."""
        if pattern not in self._cells:
            self._cells[pattern] = pattern.array * self.step + self.group
        return self._cells[pattern]

    def box(self, pattern: Pattern) -> Box | None:
        """``cells`` as a box, if every lane has its own place in the pattern and they lie regularly."""
        if pattern not in self._boxes:
            every = pattern.array.shape[-6:] == self.lanes.shape
            self._boxes[pattern] = Box.of(self.cells(pattern)) if every else None
        return self._boxes[pattern]

    def flat_cells(self, offset: int, pattern: Pattern) -> np.ndarray:
        """``(width, lanes)`` positions in the flattened ``data``."""
        return self.lanes.full(self.cells(pattern)).reshape(pattern.width, -1) + offset * self.step

    def is_row(self, pattern: Pattern) -> bool:
        """Whether every lane accesses its own copy of the same elements, in local memory."""
        return self.scope == "local" and pattern.uniform and pattern.contiguous

    def row(self, offset: int, pattern: Pattern) -> np.ndarray:
        """A view of the elements of ``is_row`` patterns, over all lanes."""
        if pattern.array.ndim == 6:
            return self.data[offset].reshape(self.lanes.shape)
        return self.data[offset : offset + pattern.width].reshape((pattern.width, *self.lanes.shape))

    def _whole_rows(self, pattern: Pattern) -> bool:
        """Whether all lanes together access whole rows of ``data``, and of ``defined`` beside it."""
        return self.bytes is None and self.is_row(pattern)

    @staticmethod
    def _rows(offset: int, pattern: Pattern) -> slice:
        return slice(offset, offset + pattern.width)

    def read(self, offset: int, pattern: Pattern) -> np.ndarray:
        """What each lane reads; lanes out of bounds, which must be inactive, read the nearest element."""
        if self.is_row(pattern):
            return self.row(offset, pattern)
        inside = offset >= 0 and offset + pattern.high < self.size
        if pattern.same_in_blocks and self.shared:
            rows = pattern.array[..., 0, 0, 0]
            taken = self.data[offset:].take(rows, 0) if inside else self.data.take(rows + offset, 0, mode="clip")
            return taken.reshape((*rows.shape, *self.lanes.shape[3:]))
        if inside and (box := self.box(pattern)) is not None:
            return box.view(self.flat, offset * self.step).copy()
        if inside:
            return self.flat[offset * self.step :].take(self.cells(pattern))
        index = np.clip(pattern.array + offset, 0, self.size - 1)
        return self.flat.take(index * self.step + self.group)

    def write(self, offset: int, pattern: Pattern, mask: Mask, value: Any) -> None:
        """Store ``value`` for the active lanes; where several write one element, the last lane stays."""
        if self.is_row(pattern):
            np.copyto(self.row(offset, pattern), value, where=mask.array, casting="same_kind")
            return
        box = self.box(pattern)
        if box is not None and box.apart and offset >= 0 and offset + pattern.high < self.size:
            where = True if mask.full else mask.array
            np.copyto(box.view(self.flat, offset * self.step), np.asarray(value), where=where, casting="unsafe")
            return
        values = np.broadcast_to(value, (*pattern.array.shape[:-6], *self.lanes.shape))
        if mask.full and self.shared and pattern.same_in_blocks:
            rows = self.lanes.full(pattern.array).reshape(pattern.width, *self.by_thread)[..., 0]
            self.data[offset:][rows] = values.reshape(pattern.width, *self.by_thread)
            return
        cells, values = self.flat_cells(offset, pattern), values.reshape(pattern.width, -1)
        if not mask.full:
            cells, values = cells[:, mask.active], values[:, mask.active]
        self.flat[cells] = values

    @property
    def by_thread(self) -> tuple[int, int]:
        """Threads of a block, blocks of the pass."""
        return self.lanes.threads, self.lanes.blocks

    def undefined(self, offset: int, pattern: Pattern, mask: Mask) -> np.ndarray | None:
        """The active lanes that would read something never written, flat; ``None`` if there are none."""
        if self.defined is None or (self._whole_rows(pattern) and self.defined[self._rows(offset, pattern)].all()):
            return None
        cells = self.flat_cells(offset, pattern)[:, mask.active]
        missing = ~self.flags[cells].all((0, -1))
        if not missing.any():
            return None
        lanes = np.zeros(self.lanes.count, bool)
        lanes[mask.active[missing]] = True
        return lanes

    def define(self, offset: int, pattern: Pattern, mask: Mask, undefined: np.ndarray | None = None) -> None:
        """Mark what the active lanes write as written; ``undefined`` lanes write an undefined value."""
        if self.defined is None:
            return
        if mask.full and undefined is None and self._whole_rows(pattern):
            self.defined[self._rows(offset, pattern)] = True
            return
        cells = self.flat_cells(offset, pattern)
        flags = self.flags
        flags[cells[:, mask.active]] = True
        if undefined is not None:
            flags[cells[:, mask.active[undefined[mask.active]]]] = False
            self.version += 1
