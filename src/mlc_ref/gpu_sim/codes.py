"""Compiled expressions: closures, and what is known of them before they run."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

_REMEMBERED = 4096


@dataclass(eq=False)
class Cell:
    """A variable that changes while the kernel runs."""

    value: Any = 0


@dataclass(frozen=True)
class Code:
    """A compiled expression.

    Attributes:
        run: computes the value for the machine's active lanes.
        cells: the loop counters it depends on.
        by_lane: whether it may differ between lanes.
        pure: whether it depends on nothing but coordinates and loop counters.
    """

    run: Callable[[], Any]
    cells: frozenset[Cell] = frozenset()
    by_lane: bool = False
    pure: bool = True

    @property
    def constant(self) -> bool:
        return self.pure and not self.cells

    @property
    def uniform(self) -> bool:
        """A plain number that every lane agrees on."""
        return self.pure and not self.by_lane


def fixed(value: Any) -> Code:
    """A value known before the kernel runs."""
    return Code(lambda: value, by_lane=isinstance(value, np.ndarray))


def combine(function: Callable, *parts: Code) -> Code:
    """Apply ``function`` to the parts' values, once and for all if they are constant."""
    runs = [p.run for p in parts]
    cells = frozenset().union(*(p.cells for p in parts))
    by_lane, pure = any(p.by_lane for p in parts), all(p.pure for p in parts)
    if pure and not cells:
        return fixed(function(*(run() for run in runs)))
    if len(runs) == 1:
        one = runs[0]
        return Code(lambda: function(one()), cells, by_lane, pure)
    if len(runs) == 2:
        left, right = runs
        return Code(lambda: function(left(), right()), cells, by_lane, pure)
    return Code(lambda: function(*(run() for run in runs)), cells, by_lane, pure)


def remembered(code: Code, function: Callable[[Any], Any] = lambda value: value) -> Callable[[], Any]:
    """``function`` of the code's value; of pure code, once for each value of its loop counters."""
    run = code.run
    if not code.pure:
        return lambda: function(run())
    if not code.cells:
        value = function(run())
        return lambda: value
    cells = tuple(code.cells)
    known: dict[tuple, Any] = {}

    def look_up() -> Any:
        key = tuple([cell.value for cell in cells])
        found = known.get(key)
        if found is None:
            found = function(run())
            if len(known) < _REMEMBERED:
                known[key] = found
        return found

    return look_up
