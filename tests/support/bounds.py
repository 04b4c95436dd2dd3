"""What a step on a student's material costs: the bounds that tests of grading assert."""

import gc
import time
import tracemalloc
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from mlc_ref.checks.failure import CheckFailure

RATIO = 3.3  # of CPU time for twice the size: linear is 2, quadratic 4


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
    """Whether twice the size takes about twice the time.

    The machine is shared: of each size the shortest of at least three tries counts, for noise only ever adds.
    """
    gc.collect()
    gc.freeze()  # what other tests left in memory is not walked again and again while this is measured
    try:
        once = twice = float("inf")
        for tries in range(1, 8):
            once, twice = min(once, spend(size)), min(twice, spend(2 * size))
            if tries >= 3 and twice <= RATIO * max(once, 1e-3):
                return True
        return False
    finally:
        gc.unfreeze()


def affordable(spent, size: int) -> bool:
    return spent.seconds < 1 + 10e-6 * size and spent.memory < 4 * 2**20 + 80 * size
