"""Long regular sequences of whole numbers, written short: the accesses of a loop nest repeat with a period."""

from collections.abc import Sequence

import numpy as np

_LAGS = range(1, 33)


def pack(values: Sequence[int] | np.ndarray) -> list[int]:
    """``[period, length, zeros, value, zeros, value, …]``.

    What one period adds is compared with what the period before added; of these second differences
    runs of zeros are counted, and the others stand between the counts. The period is the one of 1 to
    32 that leaves the fewest.
    """
    array = np.asarray(values, np.int64)
    best = min(_LAGS, key=lambda lag: int(np.count_nonzero(_second(array, lag))))
    second = _second(array, best)
    packed, last = [best, len(array)], -1
    for position in np.flatnonzero(second).tolist():
        packed += [position - last - 1, int(second[position])]
        last = position
    return packed


def unpack(packed: Sequence[int]) -> list[int]:
    """The inverse of ``pack``; the script does the same."""
    lag, length, *pairs = packed
    second = [0] * length
    position = -1
    for zeros, value in zip(pairs[::2], pairs[1::2], strict=True):
        position += zeros + 1
        second[position] = value
    return _summed(_summed(second, lag), lag)


def _second(array: np.ndarray, lag: int) -> np.ndarray:
    for _ in range(2):
        array = np.concatenate([array[:lag], array[lag:] - array[:-lag]]) if len(array) > lag else array
    return array


def _summed(differences: list[int], lag: int) -> list[int]:
    total: list[int] = []
    for position, difference in enumerate(differences):
        total.append(difference + (total[position - lag] if position >= lag else 0))
    return total
