"""Accesses whose elements lie at equal distances along every axis of the lanes: a strided view in place of a gather."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np


@dataclass(frozen=True)
class Box:
    """Where such an access finds the element of each lane, in a row of elements.

    Attributes:
        first: position of the first lane's element.
        shape, strides: lanes along each axis, and how far apart neighbours are, in elements.
    """

    first: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]

    @classmethod
    def of(cls, cells: np.ndarray) -> "Box | None":
        """The box of these positions; ``None`` if some distance differs."""
        corner = (0,) * cells.ndim
        first, distance = int(cells[corner]), []
        for axis, extent in enumerate(cells.shape):
            neighbour = (*corner[:axis], 1, *corner[axis + 1 :])
            distance.append(int(cells[neighbour]) - first if extent > 1 else 0)
        found = cls(first, cells.shape, tuple(distance))
        last = first + sum(d * (extent - 1) for d, extent in zip(distance, cells.shape, strict=True))
        if last != cells[(-1,) * cells.ndim] or not np.array_equal(found._positions(), cells):
            return None
        return found

    def _positions(self) -> np.ndarray:
        axes = zip(np.ogrid[tuple(slice(extent) for extent in self.shape)], self.strides, strict=True)
        return sum((places * stride for places, stride in axes), np.array(self.first))

    @cached_property
    def apart(self) -> bool:
        """Whether no two lanes can name one element: each stride reaches beyond all smaller ones together."""
        reach = 0
        for stride, extent in sorted((abs(s), n) for s, n in zip(self.strides, self.shape, strict=True) if n > 1):
            if stride <= reach:
                return False
            reach += stride * (extent - 1)
        return True

    def view(self, flat: np.ndarray, offset: int) -> np.ndarray:
        """The elements in ``flat``, moved by ``offset``, over the lanes; NumPy refuses one that reaches outside."""
        size = flat.itemsize
        strides = tuple(size * stride for stride in self.strides)
        return np.ndarray(self.shape, flat.dtype, flat.view(np.uint8), (self.first + offset) * size, strides)
