"""Reuse distances: how many other lines were touched since a line was touched last.

A fully associative cache of ``n`` lines that gives up the least recently used one holds exactly the lines whose
distance is below ``n``. So one histogram says how often caches of all sizes miss: Mattson, Gecsei, Slutz, Traiger,
"Evaluation techniques for storage hierarchies", IBM Systems Journal 9(2), 1970 (stack distance).
"""

from dataclasses import dataclass

import numpy as np

from mlc_ref.cache_model.cache import LINE_BYTES, lines
from mlc_ref.cache_model.order import Order
from mlc_ref.kinds import invalid, takes

FIRST = -1  # the distance of a first touch, which no cache can avoid


def reuse_distances(touched: np.ndarray) -> np.ndarray:
    """The distance of each access.

    With ``last[i]`` the access before to the same line, the lines touched between are those ``j`` with
    ``last[i] < j < i`` and ``last[j] <= last[i]``. All ``j <= last[i]`` have ``last[j] < last[i]``, so that their number is
    that of all ``j < i`` with ``last[j] < last[i]``, less ``last[i]`` and one. ``_smaller_before`` counts these for all
    ``i`` together, in O(n log n) steps.

    Args:
        touched: line number of each access, integers of shape ``(n,)``.

    Returns:
        int64 of shape ``(n,)``: ``FIRST``, or the number of different lines touched since; 0 for the same line again.
    """
    touched = np.asarray(touched)
    distances = np.zeros(len(touched), np.int64)
    if not len(touched):
        return distances
    starts = np.flatnonzero(np.concatenate([[True], touched[1:] != touched[:-1]]))
    last = _last_touch(touched[starts])
    found = _smaller_before(last + 1) - (last + 1)
    distances[starts] = np.where(last < 0, FIRST, found)
    return distances


def _last_touch(touched: np.ndarray) -> np.ndarray:
    """For each access the position of the one before to the same line; -1 where there is none."""
    order = np.argsort(touched, kind="stable")
    same = touched[order[1:]] == touched[order[:-1]]
    last = np.full(len(touched), -1, np.int64)
    last[order[1:][same]] = order[:-1][same]
    return last


def _smaller_before(values: np.ndarray) -> np.ndarray:
    """For each value how many before it are smaller; values are at least 0, and only 0 may occur twice.

    Bit by bit from the highest: of the values that agree in all higher bits and stand in their old order, those with
    a 0 here are smaller than the later ones with a 1 here. Then both parts go on by themselves.
    """
    size = len(values)
    counts = np.zeros(size, np.int64)
    places = np.arange(size)  # where each of the rearranged values stood
    positions = np.arange(size + 1)
    for bit in reversed(range(int(values.max()).bit_length())):
        is_one = (values >> bit) & 1
        prefix = values >> (bit + 1)
        begins = np.flatnonzero(np.concatenate([[True], prefix[1:] != prefix[:-1]]))
        sizes = np.diff(np.append(begins, size))
        zeros = np.concatenate([[0], np.cumsum(1 - is_one)])  # zeros before each position
        start = np.repeat(begins, sizes)
        zeros_here = zeros[:-1] - zeros[start]
        ones = is_one == 1
        counts[places[ones]] += zeros_here[ones]
        all_zeros = np.repeat(zeros[begins + sizes] - zeros[begins], sizes)
        target = start + np.where(ones, all_zeros + positions[:-1] - start - zeros_here, zeros_here)
        values, places = _moved(values, target), _moved(places, target)
    return counts


def _moved(values: np.ndarray, target: np.ndarray) -> np.ndarray:
    result = np.empty_like(values)
    result[target] = values
    return result


@dataclass(frozen=True)
class ReuseHistogram:
    """How many accesses have which distance.

    Attributes:
        first: accesses that touch their line for the first time.
        counts: int64; ``counts[d]`` accesses have the distance ``d``.
    """

    first: int
    counts: np.ndarray

    @property
    def accesses(self) -> int:
        return self.first + int(self.counts.sum())

    def misses(self, capacity: int) -> int:
        """Misses of a fully associative cache of ``capacity`` lines that began empty.

        Raises:
            ValueError: a negative capacity.
        """
        if capacity < 0:
            raise invalid(
                f"capacity: got {capacity}, allowed a number of lines from 0 on",
                f"capacity：得到 {capacity}，允许从 0 起的行数",
            )
        return self.first + int(self.counts[capacity:].sum())

    def by_powers_of_two(self) -> dict[int, int]:
        """Accesses with a distance of 0, of 1, of 2 to 3, of 4 to 7 and so on, by the first of these distances."""
        edges = [0, *(1 << power for power in range(max(len(self.counts) - 1, 0).bit_length()))]
        return {a: int(self.counts[a:b].sum()) for a, b in zip(edges, [*edges[1:], len(self.counts)], strict=True)}


@takes("Order")
def reuse_histogram(order: Order, line_bytes: int = LINE_BYTES) -> ReuseHistogram:
    """The histogram of a program's accesses, one for each load and store of an element.

    Args:
        order: of ``access_order``.
        line_bytes: of one cache line.
    """
    distances = reuse_distances(lines(order, line_bytes))
    again = distances[distances != FIRST]
    return ReuseHistogram(len(distances) - len(again), np.bincount(again, minlength=1))
