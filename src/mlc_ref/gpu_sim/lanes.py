"""Threads in lock-step: one array axis for each axis of the block and of the grid.

A *lane* is one thread of one block. A value that may differ between lanes is an array whose last six
axes are ``(tz, ty, tx, bz, by, bx)``, the thread's and the block's coordinates; an axis along which
the value does not differ has length 1. ``threadIdx.x * 4`` on 16x16 threads and 64x64 blocks is thus
an array of 16 numbers, not of a million. A vector value has one more axis in front.

Index patterns and masks are interned: equal arrays are one object, so that whatever was found out
about an access once (its bounds, its sectors, its bank conflicts) is looked up afterwards.
"""

from functools import cached_property

import numpy as np

WARP = 32
AXES = ("threadIdx.z", "threadIdx.y", "threadIdx.x", "blockIdx.z", "blockIdx.y", "blockIdx.x")
_INTERN_LIMIT = 1 << 20  # bytes; a larger array is cheaper to examine again than to compare


class Lanes:
    """The lanes of one pass.

    Args:
        extents: length of each axis of ``AXES``, the blocks of this pass.
        first_block: ``(z, y, x)`` of the pass's first block in the grid.
    """

    def __init__(self, extents: tuple[int, ...], first_block: tuple[int, int, int]):
        self.shape = extents
        self.first_block = first_block
        self.threads = int(np.prod(extents[:3]))
        self.blocks = int(np.prod(extents[3:]))
        self.warps = -(-self.threads // WARP)
        self.count = self.threads * self.blocks
        self._patterns: dict[tuple, Pattern] = {}
        self._masks: dict[tuple, Mask] = {}
        self.all = self.mask(np.ones((1,) * 6, bool))

    def coordinate(self, tag: str) -> np.ndarray:
        """The value of ``threadIdx.*`` or ``blockIdx.*``: an array along its own axis."""
        axis = AXES.index(tag)
        start = self.first_block[axis - 3] if axis >= 3 else 0
        shape = [1] * 6
        shape[axis] = self.shape[axis]
        return np.arange(start, start + self.shape[axis], dtype=np.int64).reshape(shape)

    @cached_property
    def block_number(self) -> np.ndarray:
        """Number of the lane's block within the pass, along the block axes."""
        return np.arange(self.blocks, dtype=np.int64).reshape((1, 1, 1, *self.shape[3:]))

    @cached_property
    def thread_number(self) -> np.ndarray:
        """Linear number of the thread in its block, along the thread axes."""
        return np.arange(self.threads, dtype=np.int64).reshape((*self.shape[:3], 1, 1, 1))

    def place(self, lane: int) -> tuple[tuple[int, int, int], tuple[int, int, int]]:
        """``(x, y, z)`` of the block and of the thread of a lane number."""
        tz, ty, tx, bz, by, bx = (int(i) for i in np.unravel_index(lane, self.shape))
        z, y, x = self.first_block
        return (bx + x, by + y, bz + z), (tx, ty, tz)

    def full(self, value: np.ndarray) -> np.ndarray:
        """``value`` for every lane: shape ``(lanes,)``, or ``(width, lanes)`` for a vector."""
        lead = value.shape[:-6]
        return np.broadcast_to(value, (*lead, *self.shape)).reshape((*lead, self.count))

    def by_warp(self, flat: np.ndarray, fill: object) -> np.ndarray:
        """``(..., threads, n)`` rearranged to ``(..., n, warps, 32)``; ``fill`` for threads that do not exist."""
        *lead, threads, n = flat.shape
        padded = np.full((*lead, self.warps * WARP, n), fill, flat.dtype)
        padded[..., :threads, :] = flat
        return np.moveaxis(padded.reshape((*lead, self.warps, WARP, n)), -1, -3)

    def from_warps(self, values: np.ndarray) -> np.ndarray:
        """The inverse of ``by_warp`` for every block: an array over the lanes."""
        flat = np.moveaxis(values, -3, -1).reshape(self.warps * WARP, self.blocks)
        return flat[: self.threads].reshape(self.shape)

    def pattern(self, array: np.ndarray) -> tuple[int, "Pattern"]:
        """The smallest index of ``array``, and the interned pattern of the distances from it."""
        low = int(array.min())
        array = array - low
        if array.nbytes > _INTERN_LIMIT:
            return low, Pattern(array, self)
        key = (array.shape, array.tobytes())
        if key not in self._patterns:
            self._patterns[key] = Pattern(array, self)
        return low, self._patterns[key]

    def mask(self, array: np.ndarray) -> "Mask":
        """The interned mask of active lanes."""
        key = (array.shape, array.tobytes())
        if key not in self._masks:
            mask = Mask(array, self)
            self._masks[key] = self.all if mask.full and self._masks else mask
        return self._masks[key]


class Pattern:
    """Which element each lane accesses, relative to the smallest one.

    Attributes:
        array: int64, the six lane axes, and in front the vector axis if the access is a vector's.
        high: the largest entry; the smallest is 0.
    """

    def __init__(self, array: np.ndarray, lanes: Lanes):
        self.array = array
        self.lanes = lanes
        self.high = int(array.max())
        self.width = array.shape[0] if array.ndim == 7 else 1
        self.uniform = array.size == self.width
        self.same_in_blocks = array.shape[-3:] == (1, 1, 1)
        self._ranges: dict[Mask, tuple[int, int]] = {}

    @property
    def contiguous(self) -> bool:
        """Whether a vector's elements lie side by side, so that one instruction accesses them all."""
        return self.width == 1 or bool(np.all(np.diff(self.array, axis=0) == 1))

    @cached_property
    def flat(self) -> np.ndarray:
        """``(width, lanes)``."""
        return self.lanes.full(self.array).reshape(self.width, self.lanes.count)

    def by_warp(self, mask: "Mask") -> tuple[np.ndarray, np.ndarray, int]:
        """Entries and activity by warp, for as few blocks as differ from each other.

        Returns:
            entries ``(width, n, warps, 32)``, activity ``(n, warps, 32)``, and for how many blocks each of the n stands.
        """
        lanes = self.lanes
        blocks = np.broadcast_shapes(self.array.shape[-3:], mask.array.shape[-3:])
        shape = (*lanes.shape[:3], *blocks)
        n = int(np.prod(blocks))
        entries = np.broadcast_to(self.array, (self.width, *shape)).reshape(self.width, lanes.threads, n)
        active = np.broadcast_to(mask.array, shape).reshape(lanes.threads, n)
        return lanes.by_warp(entries, 0), lanes.by_warp(active, False), lanes.blocks // n

    def range(self, mask: "Mask") -> tuple[int, int]:
        """Smallest and largest entry of the active lanes."""
        if mask.full:
            return 0, self.high
        if mask not in self._ranges:
            active = self.flat[:, mask.active]
            self._ranges[mask] = int(active.min()), int(active.max())
        return self._ranges[mask]


class Mask:
    """The lanes that execute a statement."""

    def __init__(self, array: np.ndarray, lanes: Lanes):
        self.array = array
        self.lanes = lanes
        self.full = bool(array.all())
        self.empty = not array.any()
        self._meet: dict[Mask, Mask] = {}

    @cached_property
    def active(self) -> np.ndarray:
        """Numbers of the active lanes."""
        return np.flatnonzero(self.lanes.full(self.array))

    @cached_property
    def count(self) -> int:
        """Number of active lanes."""
        return int(self.array.sum()) * (self.lanes.count // self.array.size)

    @cached_property
    def by_block(self) -> np.ndarray:
        """``(threads, blocks)``."""
        return self.lanes.full(self.array).reshape(self.lanes.threads, self.lanes.blocks)

    @cached_property
    def by_warp(self) -> np.ndarray:
        """``(blocks, warps, 32)``; ``False`` for threads that do not exist."""
        return self.lanes.by_warp(self.by_block, False)

    @cached_property
    def warp_count(self) -> int:
        """Number of warps with an active lane."""
        return int(self.by_warp.any(-1).sum())

    def meet(self, other: "Mask") -> "Mask":
        """The lanes active in both."""
        if other.full or self is other:
            return self
        if self.full:
            return other
        if other not in self._meet:
            self._meet[other] = self.lanes.mask(self.array & other.array)
        return self._meet[other]

    @cached_property
    def inverse(self) -> "Mask":
        """The lanes that are not active here."""
        return self.lanes.mask(~self.array)
