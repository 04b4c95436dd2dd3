"""A toy accelerator in low-level NumPy: one 4x4x4 multiply-accumulate unit with memories of its own.

The unit reads two tiles and adds their product to a third. It cannot read main memory: a program
brings tiles to ``tile_a`` and ``tile_b`` first, and stores ``tile_acc`` at the end. Five
instructions are all it knows, and each is counted.
"""

from collections import Counter

import numpy as np

from mlc_ref.kinds import invalid, refused

TILE = 4


class Accelerator:
    """The accelerator's memories and instructions.

    Attributes:
        tile_a, tile_b, tile_acc: ``(4, 4)`` float32 memories; NaN until something is loaded.
        counts: how often each instruction was issued.
    """

    def __init__(self) -> None:
        self.tile_a, self.tile_b, self.tile_acc = (np.full((TILE, TILE), np.nan, "float32") for _ in range(3))
        self.counts: Counter[str] = Counter()

    def load_a(self, tile: np.ndarray) -> None:
        """Main memory to ``tile_a``; ``tile``: ``(4, 4)`` float32."""
        self._copy("load_a", tile, self.tile_a)

    def load_b(self, tile: np.ndarray) -> None:
        """Main memory to ``tile_b``; ``tile``: ``(4, 4)`` float32."""
        self._copy("load_b", tile, self.tile_b)

    def clear(self) -> None:
        """Set ``tile_acc`` to zero."""
        self.counts["clear"] += 1
        self.tile_acc[:] = 0

    def mac(self) -> None:
        """``tile_acc += tile_a @ tile_b``."""
        self.counts["mac"] += 1
        for i in range(TILE):
            for j in range(TILE):
                for p in range(TILE):
                    self.tile_acc[i, j] += self.tile_a[i, p] * self.tile_b[p, j]

    def store(self, tile: np.ndarray) -> None:
        """``tile_acc`` to main memory; ``tile``: ``(4, 4)`` float32, written in place."""
        self._copy("store", self.tile_acc, tile)

    def _copy(self, name: str, source: np.ndarray, target: np.ndarray) -> None:
        for tile in (source, target):
            if tile.shape != (TILE, TILE) or tile.dtype != np.float32:
                raise ValueError(refused(name, f"{tile.shape} {tile.dtype}", f"{(TILE, TILE)} float32"))
        self.counts[name] += 1
        for i in range(TILE):
            for j in range(TILE):
                target[i, j] = source[i, j]


def matmul(unit: Accelerator, a: np.ndarray, b: np.ndarray, c: np.ndarray) -> None:
    """``c = a @ b`` on the accelerator, tile by tile.

    Args:
        unit: the accelerator.
        a, b: ``(n, k)`` and ``(k, m)`` float32, sizes multiples of 4.
        c: ``(n, m)`` float32, written in place.

    Raises:
        ValueError: a size is no multiple of 4, or shapes do not fit one another.
    """
    (n, k), m = a.shape, b.shape[1]
    if n % TILE or m % TILE or k % TILE:
        raise invalid(
            f"matmul: got sizes {n}, {m}, {k}, allowed multiples of {TILE}",
            f"matmul：得到大小 {n}、{m}、{k}，允许的是 {TILE} 的倍数",
        )
    if b.shape[0] != k or c.shape != (n, m):
        raise ValueError(refused("matmul", f"a {a.shape}, b {b.shape}, c {c.shape}", "(n, k), (k, m), (n, m)"))
    for i in range(0, n, TILE):
        for j in range(0, m, TILE):
            unit.clear()
            for p in range(0, k, TILE):
                unit.load_a(a[i : i + TILE, p : p + TILE])
                unit.load_b(b[p : p + TILE, j : j + TILE])
                unit.mac()
            unit.store(c[i : i + TILE, j : j + TILE])
