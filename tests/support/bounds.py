"""What a step on a student's material costs: the bounds that tests of grading assert."""

import gc
import time
import tracemalloc
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from mlc_ref.checks.failure import CheckFailure

STEP = 8  # times the size: linear takes 8 times as long, quadratic 64 times
RATIO = 23  # of CPU time: the geometric mean, as far from the one as from the other


@dataclass(frozen=True)
class Cost:
    """Seconds of CPU, and the most bytes that were allocated at a time."""

    seconds: float
    memory: int = 0


def cost(function: Callable[..., Any], *arguments: Any, memory: bool = True) -> Cost:
    """Call something that may refuse what it is given, and say what that took."""
    if memory:
        tracemalloc.start()
    began = time.thread_time()
    with suppress(CheckFailure):
        function(*arguments)
    seconds = time.thread_time() - began
    most = tracemalloc.get_traced_memory()[1] if memory else 0
    if memory:
        tracemalloc.stop()
    return Cost(seconds, most)


def grows_linearly(spend: Callable[[int], float], size: int) -> bool:
    """Whether the time for the given size is near to proportional to the time for an eighth of it.

    The machine is shared and its caches are small, so only a factor of three counts, and of each size the shortest of
    several tries: noise only ever adds.
    """
    gc.disable()  # what other tests left in memory is not walked again and again while this is measured
    try:
        small = large = float("inf")
        for tries in range(1, 6):
            small = min(small, *(spend(size // STEP) for _ in range(3)))
            large = min(large, spend(size))
            if tries >= 2 and large <= RATIO * max(small, 2e-4):
                return True
        return False
    finally:
        gc.enable()


def affordable(spent, size: int) -> bool:
    return spent.seconds < 1 + 10e-6 * size and spent.memory < 4 * 2**20 + 80 * size
