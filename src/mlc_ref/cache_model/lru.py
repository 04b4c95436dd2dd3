"""One cache of the model: sets of a few lines each, of which the one that was not used for longest leaves first.

A line belongs in the set ``line % sets``. One set is a fully associative cache, one way a direct-mapped one.
"""

from dataclasses import dataclass

import numpy as np

from mlc_ref.kinds import invalid


@dataclass(frozen=True)
class Sent:
    """What a cache did with the accesses it was sent, and what it asked of the level below.

    Attributes:
        missed: accesses whose line was not there.
        fetched: lines that came from below; a line that is written as a whole needs none.
        written: changed lines that went below.
        lines, stores: line and kind of each access to the level below, in order; a store writes a whole line.
    """

    missed: int
    fetched: int
    written: int
    lines: np.ndarray
    stores: np.ndarray

    def followed_by(self, other: "Sent") -> "Sent":
        """Both, one after the other."""
        return Sent(
            self.missed + other.missed, self.fetched + other.fetched, self.written + other.written,
            np.concatenate([self.lines, other.lines]), np.concatenate([self.stores, other.stores]),
        )  # fmt: skip


class LruCache:
    """The lines a cache holds between two calls of ``send``.

    Args:
        sets, ways: how many sets there are, and how many lines each holds; both at least 1.

    Raises:
        ValueError: fewer.
    """

    def __init__(self, sets: int, ways: int):
        if sets < 1 or ways < 1:
            raise invalid(
                f"cache: got {sets} sets of {ways} lines, allowed at least one set of one line",
                f"缓存：得到 {sets} 组、每组 {ways} 行，允许至少一组一行",
            )
        self.sets, self.ways = sets, ways
        # A dict remembers the order of insertion: the first line is the one that was not used for longest.
        self._held: list[dict[int, bool]] = [{} for _ in range(sets)]

    def send(self, lines: np.ndarray, stores: np.ndarray, *, whole_lines: bool = False) -> Sent:
        """Look up accesses one after the other.

        Args:
            lines: line number of each, integers.
            stores: whether it changes the line.
            whole_lines: whether a store writes all of its line, which then need not be fetched.
        """
        lines, stores = _without_repeats(lines, stores)
        held, sets, ways = self._held, self.sets, self.ways
        below: list[int] = []  # twice the line, plus one for a store
        missed = fetched = 0
        for line, dirty in zip(lines.tolist(), stores.tolist(), strict=True):
            places = held[line % sets]
            if line in places:
                dirty = places.pop(line) or dirty
            else:
                missed += 1
                if not (dirty and whole_lines):
                    fetched += 1
                    below.append(2 * line)
                if len(places) >= ways and places.pop(oldest := next(iter(places))):
                    below.append(2 * oldest + 1)
            places[line] = dirty
        return _sent(missed, fetched, below)

    def flush(self) -> Sent:
        """Write back every changed line and forget all."""
        below = [2 * line + 1 for places in self._held for line, dirty in places.items() if dirty]
        for places in self._held:
            places.clear()
        return _sent(0, 0, below)


def _sent(missed: int, fetched: int, below: list[int]) -> Sent:
    codes = np.array(below, np.int64)
    return Sent(missed, fetched, len(below) - fetched, codes // 2, codes % 2 == 1)


def _without_repeats(lines: np.ndarray, stores: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """One access for each run of accesses to the same line, a store where one of them is."""
    if not lines.size:
        return lines, stores
    starts = np.flatnonzero(np.concatenate([[True], lines[1:] != lines[:-1]]))
    return lines[starts], np.logical_or.reduceat(stores, starts)
