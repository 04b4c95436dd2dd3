"""Memory of every scope: elements by groups of lanes that share them.

``data`` has shape ``(size, groups)``. Global memory has one group, shared memory one for each block
of the pass, warp memory and Tensor Core fragments one for each warp, local memory one for each lane.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from mlc_ref.gpu_sim.errors import Unsupported
from mlc_ref.gpu_sim.lanes import WARP, Lanes, Mask, Pattern
from mlc_ref.language import Text

FRAGMENTS = ("wmma.matrix_a", "wmma.matrix_b", "wmma.accumulator")
_SHARED = ("shared", "shared.dyn")


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
            f"内存作用域：得到 {scope!r}，模拟器只认识 {known}",
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

    @classmethod
    def allocate(cls, name: str, scope: str, dtype: np.dtype, size: int, lanes: Lanes) -> "Memory":
        """Fresh memory of a kernel; nothing is defined."""
        _, groups = group_of_lane(scope, lanes)
        return cls(name, scope, lanes, np.zeros((size, groups), dtype), np.zeros((size, groups), bool))

    def __post_init__(self) -> None:
        self.group, self.groups = group_of_lane(self.scope, self.lanes)
        self.origin = self if self.origin is None else self.origin
        self.shared = self.scope in _SHARED
        self.logged = self.shared or self.scope == "global"

    @property
    def size(self) -> int:
        return len(self.data)

    def cells(self, pattern: Pattern) -> np.ndarray:
        """Position in the flattened ``data`` for each lane at offset 0, as compact as the pattern allows."""
        if pattern not in self._cells:
            self._cells[pattern] = pattern.array * self.groups + self.group
        return self._cells[pattern]

    def flat_cells(self, offset: int, pattern: Pattern) -> np.ndarray:
        """``(width, lanes)`` positions in the flattened ``data``."""
        return self.lanes.full(self.cells(pattern)).reshape(pattern.width, -1) + offset * self.groups

    def is_row(self, pattern: Pattern) -> bool:
        """Whether every lane accesses its own copy of the same elements, in local memory."""
        return self.scope == "local" and pattern.uniform and pattern.contiguous

    def row(self, offset: int, pattern: Pattern) -> np.ndarray:
        """A view of the elements of ``is_row`` patterns, over all lanes."""
        if pattern.array.ndim == 6:
            return self.data[offset].reshape(self.lanes.shape)
        return self.data[offset : offset + pattern.width].reshape((pattern.width, *self.lanes.shape))

    def read(self, offset: int, pattern: Pattern) -> np.ndarray:
        """What each lane reads; lanes out of bounds, which must be inactive, read the nearest element."""
        if self.is_row(pattern):
            return self.row(offset, pattern)
        inside = offset >= 0 and offset + pattern.high < self.size
        if pattern.same_in_blocks and self.shared:
            rows = pattern.array[..., 0, 0, 0]
            taken = self.data[offset:].take(rows, 0) if inside else self.data.take(rows + offset, 0, mode="clip")
            return taken.reshape((*rows.shape, *self.lanes.shape[3:]))
        if inside:
            return self.data[offset:].reshape(-1).take(self.cells(pattern))
        index = np.clip(pattern.array + offset, 0, self.size - 1)
        return self.data.reshape(-1).take(index * self.groups + self.group)

    def write(self, offset: int, pattern: Pattern, mask: Mask, value: Any) -> None:
        """Store ``value`` for the active lanes; where several write one element, the last lane stays."""
        if self.is_row(pattern):
            np.copyto(self.row(offset, pattern), value, where=mask.array, casting="same_kind")
            return
        values = np.broadcast_to(value, (*pattern.array.shape[:-6], *self.lanes.shape))
        if mask.full and self.shared and pattern.same_in_blocks:
            rows = self.lanes.full(pattern.array).reshape(pattern.width, *self.by_thread)[..., 0]
            self.data[offset:][rows] = values.reshape(pattern.width, *self.by_thread)
            return
        cells, values = self.flat_cells(offset, pattern), values.reshape(pattern.width, -1)
        if not mask.full:
            cells, values = cells[:, mask.active], values[:, mask.active]
        self.data.reshape(-1)[cells] = values

    @property
    def by_thread(self) -> tuple[int, int]:
        """Threads of a block, blocks of the pass."""
        return self.lanes.threads, self.lanes.blocks

    def undefined(self, offset: int, pattern: Pattern, mask: Mask) -> np.ndarray | None:
        """The active lanes that would read something never written, flat; ``None`` if there are none."""
        if self.defined is None:
            return None
        cells = self.flat_cells(offset, pattern)[:, mask.active]
        missing = ~self.defined.reshape(-1)[cells].all(0)
        if not missing.any():
            return None
        lanes = np.zeros(self.lanes.count, bool)
        lanes[mask.active[missing]] = True
        return lanes

    def define(self, offset: int, pattern: Pattern, mask: Mask, undefined: np.ndarray | None = None) -> None:
        """Mark what the active lanes write as written; ``undefined`` lanes write an undefined value."""
        if self.defined is None:
            return
        cells = self.flat_cells(offset, pattern)
        flags = self.defined.reshape(-1)
        flags[cells[:, mask.active]] = True
        if undefined is not None:
            flags[cells[:, mask.active[undefined[mask.active]]]] = False
            self.version += 1
